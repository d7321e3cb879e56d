package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EndpointsTest {

    private static final Endpoint ONE = new Endpoint("db1", 5432);
    private static final Endpoint TWO = new Endpoint("db2", 5433);

    private static Endpoints any(Endpoint... endpoints) {
        return new Endpoints(List.of(endpoints), TargetSessionAttrs.ANY, false);
    }

    private static Endpoints balanced(Endpoint... endpoints) {
        return new Endpoints(List.of(endpoints), TargetSessionAttrs.ANY, true);
    }

    private static String key(Endpoints endpoints) {
        PoolSpec spec = PoolSpec.builder("p", "d").endpoints(endpoints).build();
        return PoolKey.of(spec, Object.class).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "/var/run/postgresql, /var/run/postgresql",
        "//var/./run///postgresql/, /var/run/postgresql",
        "/var/run/postgresql/., /var/run/postgresql",
        "/./Run/.s, /Run/.s",
        "/run/a.b/, /run/a.b",
        "/, /",
        "/., /",
    })
    void aDirectoryOfASocketHasOneSpelling(String directory, String canonical) {
        assertThat(new Endpoint(directory, 5432).host()).isEqualTo(canonical);
    }

    @Test
    void readLikeAUrl() {
        assertThat(key(any(ONE))).isEqualTo("p://postgres@db1:5432/d");
        assertThat(key(any(ONE, TWO, new Endpoint("::1", 1)))).isEqualTo("p://postgres@db1:5432,db2:5433,[::1]:1/d");
        assertThat(key(new Endpoints(List.of(TWO, ONE), TargetSessionAttrs.READ_WRITE, true)))
                .isEqualTo(
                        "p://postgres@db1:5432,db2:5433/d?target_session_attrs=read-write&load_balance_hosts=random");
        assertThat(key(any(new Endpoint("/run", 5433)))).isEqualTo("p://postgres@/run/.s.PGSQL.5433/d");
        assertThat(new Endpoint("/", 5432).socketFile()).isEqualTo("/.s.PGSQL.5432");
        assertThatThrownBy(ONE::socketFile).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void differByTheirOrderUnlessTheLoadIsBalanced() {
        assertThat(any(ONE, TWO)).isNotEqualTo(any(TWO, ONE)).isNotEqualTo(balanced(ONE, TWO));
        assertThat(balanced(ONE, TWO)).isEqualTo(balanced(TWO, ONE)).hasSameHashCodeAs(balanced(TWO, ONE));
        assertThat(key(any(ONE, TWO))).isNotEqualTo(key(any(TWO, ONE)));
    }

    @Test
    void haveEachEndpointOnce() {
        assertThat(any(ONE, TWO, new Endpoint("DB1.", 5432))).isEqualTo(any(ONE, TWO));
        assertThat(balanced(ONE, ONE)).isEqualTo(any(ONE));
        assertThatThrownBy(() -> any()).hasMessage("there is no endpoint");
    }

    @ParameterizedTest
    @CsvSource({
        "ANY, true true true true",
        "READ_WRITE, true false true false",
        "READ_ONLY, false true false true",
        "PRIMARY, true true false false",
        "STANDBY, false false true true",
        "PREFER_STANDBY, false false true true",
    })
    void takeSessionsThatAreWhatIsWanted(TargetSessionAttrs target, String expected) {
        StringBuilder taken = new StringBuilder();
        for (boolean standby : new boolean[] {false, true}) {
            for (boolean readOnly : new boolean[] {false, true}) {
                taken.append(target.refusal(standby, readOnly).isEmpty()).append(' ');
            }
        }
        assertThat(taken.toString().strip()).isEqualTo(expected);
    }

    @Test
    void sayWhyASessionIsRefused() {
        assertThat(TargetSessionAttrs.READ_WRITE.refusal(false, true))
                .contains(new ConnectFailure(
                        FailureKind.WRONG_SESSION,
                        "its sessions are read-only, and target_session_attrs is read-write"));
        assertThat(TargetSessionAttrs.STANDBY
                        .refusal(false, false)
                        .orElseThrow()
                        .reason())
                .isEqualTo("it is no standby, and target_session_attrs is standby");
    }

    @ParameterizedTest
    @EnumSource
    void haveTheWordsOfPostgresOwnClients(TargetSessionAttrs target) {
        assertThat(TargetSessionAttrs.of(target.word())).contains(target);
        assertThat(TargetSessionAttrs.words()).contains(target.toString()).startsWith("any, read-write, read-only");
    }
}
