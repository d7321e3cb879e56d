package io.memfuse.cli.console;

import io.memfuse.core.pool.Secret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/**
 * Where the console is served, and to whom.
 *
 * @param host name or address to listen on
 * @param port 0 for any that is free
 * @param token what a request shows that changes something; none for a console that only shows
 */
public record ConsoleSettings(String host, int port, Secret token) {

    /** The port if nobody says otherwise. */
    public static final int DEFAULT_PORT = 7788;

    /** One that can be guessed is none. */
    private static final int SHORTEST_TOKEN = 16;

    /** @throws ConsoleException if anybody could do anything with such a console, or the token cannot be sent */
    public ConsoleSettings {
        if (port < 0 || port > 65_535) {
            throw ConsoleException.wrongSettings("ConsolePort", "--port is " + port + "; accepted: 0 (any) to 65535");
        }
        if (!token.isEmpty() && !isFit(token.reveal())) {
            throw ConsoleException.wrongSettings(
                    "ConsoleToken",
                    "the console's token is to be of at least " + SHORTEST_TOKEN
                            + " letters, digits and signs of ASCII, without a space; make one with 'openssl rand -hex 16'");
        }
    }

    private static boolean isFit(String token) {
        return token.length() >= SHORTEST_TOKEN && token.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /** True also if it cannot be found out: listening tells. */
    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return true;
        }
    }

    /**
     * Returns where to listen.
     *
     * @throws ConsoleException if the host is not known or not this machine, or is reached from outside and there is no token
     */
    InetSocketAddress address() {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw ConsoleException.wrongSettings("ConsoleAddress", "--bind is '" + host + "', which is not known here");
        }
        if (!address.isLoopbackAddress() && token.isEmpty()) {
            throw ConsoleException.wrongSettings(
                    "ConsoleOpen",
                    "the console is not served on " + host + ", which others reach, without a token; set one in"
                            + " MEMFUSE_CONSOLE_TOKEN (make it with 'openssl rand -hex 16'), or leave --bind out");
        }
        if (!isOfThisMachine(address)) {
            throw ConsoleException.wrongSettings(
                    "ConsoleAddress", "--bind is '" + host + "', which is no address of this machine");
        }
        return new InetSocketAddress(address, port);
    }
}
