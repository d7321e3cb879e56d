package io.memfuse.core.pool;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/** One spelling for each host, so that two spellings of it are one pool. Asks no name service. */
final class Hosts {

    private static final int GROUPS = 8;

    private static final Pattern NOWHERE = Pattern.compile("/+(\\./+)*(\\.$)?");

    private Hosts() {}

    /**
     * Returns the canonical form: names do not depend on case nor on the final dot of an absolute one; an IPv6 address may be
     * in brackets, and is written as RFC 5952 has it; the directory of a Unix-domain socket has no slash, and no step that leads
     * nowhere, too many.
     */
    static String canonical(String host) {
        if (isSocketDirectory(host)) {
            String path = NOWHERE.matcher(host).replaceAll("/");
            return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        }
        String lower = lowerCase(host);
        String plain = lower.startsWith("[") && lower.endsWith("]") ? lower.substring(1, lower.length() - 1) : lower;
        if (mayBeIpv6(plain)) {
            return canonicalAddress(plain);
        }
        return plain.length() > 1 && plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
    }

    /** Leaves the zone of an IPv6 address as it is: it names a network interface, and those differ by case. */
    private static String lowerCase(String host) {
        int zone = host.indexOf('%') < 0 ? host.length() : host.indexOf('%');
        return host.substring(0, zone).toLowerCase(Locale.ROOT) + host.substring(zone);
    }

    /** Tells whether it is the directory of a Unix-domain socket, and no host. */
    static boolean isSocketDirectory(String host) {
        return host.startsWith("/");
    }

    private static boolean mayBeIpv6(String host) {
        if (host.indexOf(':') < 0) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != ':' && c != '.' && Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String canonicalAddress(String text) {
        try {
            // In brackets it can be nothing but an address, so that no name is looked up.
            InetAddress address = InetAddress.getByName("[" + text + "]");
            byte[] bytes = address.getAddress();
            return bytes.length == 2 * GROUPS ? compressed(bytes) : address.getHostAddress();
        } catch (UnknownHostException noAddress) {
            return text;
        }
    }

    /** Writes the address with its first longest run of zeros, if it is longer than one, left out. */
    private static String compressed(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xFF) << 8 | (bytes[2 * i + 1] & 0xFF);
        }
        int start = 0;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = zerosFrom(groups, i);
            if (run > length) {
                start = i;
                length = run;
            }
        }
        return length == 1
                ? joined(groups, 0, GROUPS)
                : joined(groups, 0, start) + "::" + joined(groups, start + length, GROUPS);
    }

    private static int zerosFrom(int[] groups, int start) {
        int end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - start;
    }

    private static String joined(int[] groups, int from, int to) {
        var text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
