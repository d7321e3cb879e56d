package io.memfuse.config.found;

import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.testing.FakePoolProvider;

/** A factory that is on the class path of these tests. */
public final class NoteFactory implements ServiceFactory<NoteFactory.Note> {

    public static final String NAME = "note";

    /** A service on a fake database. */
    public record Note(String user, FakePoolProvider.Resource database) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<Note> type() {
        return Note.class;
    }

    @Override
    public Note create(ServiceContext context) {
        return new Note(context.user(), context.resource(FakePoolProvider.Resource.class));
    }
}
