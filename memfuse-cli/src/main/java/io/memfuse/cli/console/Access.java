package io.memfuse.cli.console;

import com.sun.net.httpserver.Headers;
import io.memfuse.core.pool.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says who may do what. A page of another site can make a browser send requests to this machine, also under a name that it
 * has lead here: so the name that was asked for has to be ours, and so has the page that asks. What changes something needs the
 * token; on an address that others reach, so does what shows something.
 */
final class Access {

    /** An address cannot be made to lead elsewhere, unlike a name. */
    private static final Pattern OWN_NAME =
            Pattern.compile("(localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+])(:\\d{1,5})?");

    private static final String BEARER = "Bearer ";

    private final Secret token;
    private final boolean onLoopback;

    Access(Secret token, boolean onLoopback) {
        this.token = token;
        this.onLoopback = onLoopback;
    }

    /** Returns why the request is refused whatever it asks for, if it is. */
    Optional<Answer> refuseForeign(Headers headers) {
        String host = headers.getFirst("Host");
        // From outside a token is needed, which no page of another site has.
        if (onLoopback && (host == null || !OWN_NAME.matcher(lower(host)).matches())) {
            return Optional.of(Answer.error(
                    403, "the console answers to localhost and to addresses, not to other names; ask for it by one"));
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !isOwn(origin, host)) {
            return Optional.of(Answer.error(403, "the console answers to its own page, not to pages of other sites"));
        }
        return isSentByAnotherSite(headers)
                ? Optional.of(Answer.error(403, "the console answers to its own page, not to pages of other sites"))
                : Optional.empty();
    }

    /**
     * What a page of another site loads as an image, a script or a frame, which browsers send without an Origin: it could not read
     * the answer, but take all places of the stream. Who follows a link there to the console gets it.
     */
    private static boolean isSentByAnotherSite(Headers headers) {
        String site = headers.getFirst("Sec-Fetch-Site");
        boolean isOwn = site == null || site.equals("same-origin") || site.equals("none");
        return !isOwn && !"document".equals(headers.getFirst("Sec-Fetch-Dest"));
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        String authority = lower(origin).replaceFirst("^https?://", "");
        return host != null && authority.equals(lower(host));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Returns why the request may not see anything, if it may not. */
    Optional<Answer> refuseReader(Headers headers) {
        return onLoopback || hasToken(headers) ? Optional.empty() : Optional.of(unauthorized());
    }

    /** Returns why the request may not change anything, if it may not. */
    Optional<Answer> refuseWriter(Headers headers) {
        if (token.isEmpty()) {
            return Optional.of(Answer.error(
                    403,
                    "this console only shows; to change pools, start with a token in MEMFUSE_CONSOLE_TOKEN or"
                            + " --console-token"));
        }
        return hasToken(headers) ? Optional.empty() : Optional.of(unauthorized());
    }

    /** Tells whether there is anything that a token allows. */
    boolean canWrite() {
        return !token.isEmpty();
    }

    private static Answer unauthorized() {
        return Answer.error(401, "this needs the console's token: send 'Authorization: Bearer TOKEN'");
    }

    private boolean hasToken(Headers headers) {
        String shown = headers.getFirst("Authorization");
        return shown != null && shown.startsWith(BEARER) && isToken(shown.substring(BEARER.length()));
    }

    /** Takes the same time whatever is shown; of digests, so that not even the length can be measured. */
    private boolean isToken(String shown) {
        return !token.isEmpty() && MessageDigest.isEqual(digest(shown), digest(token.reveal()));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
