package io.memfuse.it.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.config.ConfigException;
import io.memfuse.config.MemFuse;
import io.memfuse.config.ReloadReport;
import io.memfuse.config.ReloadReport.Action;
import io.memfuse.config.ReloadReport.DatabaseEntry;
import io.memfuse.it.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Reloads of every kind, one after the other; each is checked in its report and on the server. Not thread-safe. */
final class Reloads {

    /** What is done, to a scene whose file is written and loaded afterwards. */
    private record Kind(String name, Consumer<Scene> change, Action ofOrders) {}

    private final Scene scene;
    private final MemFuse memfuse;
    private final TestDatabase first;
    private final TestDatabase second;
    private int count;
    private Duration longest = Duration.ZERO;

    Reloads(Scene scene, MemFuse memfuse, TestDatabase first, TestDatabase second) {
        this.scene = scene;
        this.memfuse = memfuse;
        this.first = first;
        this.second = second;
    }

    int count() {
        return count;
    }

    Duration longest() {
        return longest;
    }

    /** Makes ten reloads: one of each kind. */
    void ofEveryKind(Runnable between) {
        String round = String.valueOf(count);
        for (Kind kind : List.of(
                new Kind("grow", s -> s.maxSize = 24, Action.ADJUSTED),
                new Kind("password", s -> s.rotatePassword("p" + round), Action.REPLACED),
                new Kind(
                        "shrink, and wait longer",
                        s -> {
                            s.maxSize = 8;
                            s.timeout++;
                        },
                        Action.ADJUSTED),
                new Kind("server setting", s -> s.applicationName = "orders-" + round + "a", Action.REPLACED),
                new Kind("move", s -> s.orders = second, Action.MOVED),
                new Kind("add", s -> s.bills = true, Action.UNTOUCHED),
                new Kind(
                        "move back, and a limit",
                        s -> {
                            s.orders = first;
                            s.commandTimeout = s.commandTimeout + 1;
                        },
                        Action.MOVED),
                new Kind("remove", s -> s.bills = false, Action.UNTOUCHED))) {
            kind.change.accept(scene);
            ReloadReport report = load();
            assertThat(report.allWell()).as(kind.name + ": " + report.lines()).isTrue();
            assertThat(orders(report).action()).as(kind.name).isEqualTo(kind.ofOrders);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(scene::backendsAreAsConfigured);
            between.run();
        }
        fail();
        between.run();
        bad();
        between.run();
    }

    private ReloadReport load() {
        ReloadReport report = memfuse.reload(scene.write());
        count++;
        System.out.println("reload " + count + ": " + report.lines());
        longest = report.took().compareTo(longest) > 0 ? report.took() : longest;
        return report;
    }

    private static DatabaseEntry orders(ReloadReport report) {
        return report.databases().stream()
                .filter(entry -> entry.name().equals("orders"))
                .findFirst()
                .orElseThrow();
    }

    /** The server refuses the new password. */
    private void fail() {
        String right = scene.password;
        scene.password = "wrong";
        ReloadReport report = load();
        scene.password = right;
        assertThat(orders(report).failure()).hasMessageContaining("password");
        assertThat(report.lines().toString()).doesNotContain("wrong");
        scene.backendsAreAsConfigured();
    }

    private void bad() {
        assertThatThrownBy(() -> memfuse.reload(scene.writeBad()))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(2));
        count++;
        scene.backendsAreAsConfigured();
    }
}
