package io.memfuse.cli.reload;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signal SIGHUP. What the JDK has for signals is not part of its API, and the compiler warns of it, so that it is looked up.
 */
final class HangUp {

    private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /** Has {@code action}, which must not block, run whenever the process is sent the signal; false if that cannot be. */
    static boolean handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (self, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> self == arguments[0];
                case "hashCode" -> System.identityHashCode(self);
                default -> "SIGHUP handler";
            };
            Object ours = Proxy.newProxyInstance(HangUp.class.getClassLoader(), new Class<?>[] {handler}, call);
            Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
            Object former = signal.getMethod("handle", signal, handler).invoke(null, hangUp, ours);
            // A process that was started to ignore it, as by nohup, goes on ignoring it.
            return former != handler.getField("SIG_IGN").get(null);
        } catch (ReflectiveOperationException | RuntimeException unavailable) {
            LOG.debug("SIGHUP cannot be handled here", unavailable);
            return false;
        }
    }
}
