package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsTest {

    @ParameterizedTest
    @CsvSource({
        "LocalHost, localhost",
        "db.example.org., db.example.org",
        "., .",
        "10.0.0.1, 10.0.0.1",
        "[::1], ::1",
        "0:0:0:0:0:0:0:1, ::1",
        "0000:0000:0000:0000:0000:0000:0000:0001, ::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8::0:1, 2001:db8::1",
        "::, ::",
        "fe80::, fe80::",
        "::ffff:10.0.0.1, 10.0.0.1",
        "FE80::1%eth0, fe80::1%eth0",
        "1:2, 1:2",
        ":::, :::"
    })
    void haveOneSpelling(String host, String canonical) {
        assertThat(Hosts.canonical(host)).isEqualTo(canonical);
    }
}
