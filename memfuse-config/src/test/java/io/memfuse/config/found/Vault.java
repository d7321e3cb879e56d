package io.memfuse.config.found;

import io.memfuse.core.pool.SecretProvider;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A provider of secrets that is on the class path of these tests. */
public final class Vault implements SecretProvider {

    public static final Map<String, String> SECRETS = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "vault";
    }

    @Override
    public String secret(String reference) throws IOException {
        String secret = SECRETS.get(reference);
        if (secret == null) {
            throw new IOException("no such secret, but not-to-be-shown");
        }
        return secret;
    }
}
