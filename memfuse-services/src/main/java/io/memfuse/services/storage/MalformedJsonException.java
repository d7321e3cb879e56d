package io.memfuse.services.storage;

/**
 * A value is not JSON, or not JSON that PostgreSQL can keep (such as <code>&#92;u0000</code> in a string). Nothing was
 * stored. The message names the key and does not quote the value; nor is there a cause, since the server's error quotes it.
 */
public final class MalformedJsonException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String key;

    MalformedJsonException(String subject, String key, String reason) {
        super("[MemFuse/JsonMalformed] " + subject + ": the value for key '" + key
                + "' is not JSON that PostgreSQL can keep (" + reason + "); nothing was stored; correct the value");
        this.key = key;
    }

    /** Returns the key of the value. */
    public String key() {
        return key;
    }
}
