package io.memfuse.it.fault;

import io.memfuse.config.MemFuse;
import java.util.function.BiFunction;

/** Through what the callers reach their database. */
@SuppressWarnings("ImmutableEnumChecker") // What its constants do keeps nothing.
enum Technology {
    JDBC("hikari", (memfuse, name) -> Writers.jdbc(memfuse.dataSource(name))) {
        @Override
        void borrow(MemFuse memfuse, String name, int count, Deed meanwhile) throws Exception {
            Borrowers.jdbc(memfuse.dataSource(name), count, meanwhile);
        }
    },
    R2DBC("r2dbc", (memfuse, name) -> Writers.r2dbc(memfuse.connectionFactory(name))) {
        @Override
        void borrow(MemFuse memfuse, String name, int count, Deed meanwhile) throws Exception {
            Borrowers.r2dbc(memfuse.connectionFactory(name), count, meanwhile);
        }
    };

    private final String provider;
    private final BiFunction<MemFuse, String, Load.Writer> writer;

    Technology(String provider, BiFunction<MemFuse, String, Load.Writer> writer) {
        this.provider = provider;
        this.writer = writer;
    }

    String provider() {
        return provider;
    }

    Load.Writer writer(MemFuse memfuse, String name) {
        return writer.apply(memfuse, name);
    }

    /** Takes so many connections at once, has something done, and gives them back; fails if there are not so many. */
    abstract void borrow(MemFuse memfuse, String name, int count, Deed meanwhile) throws Exception;
}
