package io.memfuse.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CampaignTest {

    private static final Measure.Jmh OURS = new Measure.Jmh("Borrow.ours", Map.of(), 2, true);
    private static final Measure.Jmh PEERS = new Measure.Jmh("Borrow.peers", Map.of(), 2, true);
    private static final Measure.Jmh OTHER = new Measure.Jmh("LookUp.find", Map.of(), 2);

    @Test
    void whatIsComparedCloselyTakesTurns() {
        assertThat(Campaign.inTurns(List.of(OURS, PEERS, OTHER), Mode.SHORT))
                .containsExactly(OURS, PEERS, OTHER, OURS, PEERS, OURS, PEERS);
    }

    @Test
    void aFullRunMeasuresEachInSeveralJvms() {
        assertThat(Campaign.inTurns(List.of(OURS, OTHER), Mode.FULL))
                .containsExactly(OURS, OTHER, OURS, OTHER, OURS, OTHER);
    }
}
