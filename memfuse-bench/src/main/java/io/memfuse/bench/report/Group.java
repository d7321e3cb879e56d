package io.memfuse.bench.report;

import java.util.List;
import java.util.Map;

/**
 * One table: rows that are measured in the same unit against the same peers.
 *
 * @param id its name for {@code --only}
 * @param title its heading
 * @param unit the unit of all its scores
 * @param peers the columns beside ours, in order
 * @param rows its rows
 * @param notes what a reader must know to read the numbers rightly, a paragraph each
 */
public record Group(String id, String title, String unit, List<String> peers, List<Row> rows, List<String> notes) {

    public Group {
        peers = List.copyOf(peers);
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
    }

    /**
     * One row.
     *
     * @param name what is done
     * @param ours the id of our score
     * @param peers the ids of the peers' scores by column; a peer that cannot do it has none
     * @param goals what ours is to reach
     */
    public record Row(String name, String ours, Map<String, String> peers, List<Goal> goals) {

        public Row {
            peers = Map.copyOf(peers);
            goals = List.copyOf(goals);
        }
    }
}
