package io.memfuse.config.found;

import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.service.ServiceSetting;
import io.memfuse.core.service.ServiceSetting.Count;
import io.memfuse.core.service.ServiceSetting.Time;
import io.memfuse.core.service.ServiceSettings;
import io.memfuse.core.testing.FakePoolProvider;
import java.time.Duration;
import java.util.List;

/** A factory that is on the class path of these tests. */
public final class NoteFactory implements ServiceFactory<NoteFactory.Note> {

    public static final String NAME = "note";

    private static final Count LINES = new Count("lines", 3, 1, 100, "how many lines a note has");
    private static final Count CHARS = new Count("chars", 80, 1, 1_000, "how many characters a line has");
    private static final Time KEPT =
            new Time("kept", Duration.ofSeconds(90), Duration.ZERO, Duration.ofHours(1), "how long a note is kept");

    /** A service on a fake database. */
    public record Note(String user, FakePoolProvider.Resource database, int lines) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<Note> type() {
        return Note.class;
    }

    @Override
    public List<ServiceSetting<?>> settings() {
        return List.of(LINES, CHARS, KEPT);
    }

    @Override
    public void check(ServiceSettings settings) {
        if (settings.get(LINES) * settings.get(CHARS) > 1_000) {
            throw new IllegalArgumentException("lines times chars is more than 1000; make one of them smaller");
        }
    }

    @Override
    public Note create(ServiceContext context) {
        return new Note(
                context.user(),
                context.resource(FakePoolProvider.Resource.class),
                context.settings().get(LINES));
    }
}
