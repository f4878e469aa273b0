package org.datman.xnat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.datman.xnat.Transport.BodyReader;
import org.datman.xnat.Transport.Reply;

/** Requests to an XNAT: they survive a lost login, and the remaining failures are classified. */
final class XnatHttp implements AutoCloseable {

    private static final int SNIFFED = 512;

    /** What a good response contains. */
    enum Expected {
        /** Or XML. */
        JSON,
        ZIP,
        ANY_FILE
    }

    private final XnatConfig config;
    private final Transport transport;
    private final XnatLogin login;

    XnatHttp(XnatConfig config, CallObserver observer) {
        this.config = config;
        this.transport = new Transport("XNAT", config, observer);
        this.login = new XnatLogin(config, transport);
    }

    /** Sends until there is a readable response, or it is certain that there is none. */
    <T> T get(String endpoint, String path, Expected expected, BodyReader<T> reader) {
        return transport.repeated(path, () -> read(endpoint, path, expected, reader));
    }

    /** Sends once what can be done without. */
    <T> T getOnce(String endpoint, String path, BodyReader<T> reader) {
        return transport.once(path, () -> read(endpoint, path, Expected.JSON, reader));
    }

    private <T> T read(String endpoint, String path, Expected expected, BodyReader<T> reader)
            throws IOException, InterruptedException {
        try (Reply reply = attempt(endpoint, path, expected)) {
            return reader.read(reply.body());
        }
    }

    /** The body of the response; its reader repeats the request when it breaks. Closing it early ends the transfer. */
    InputStream open(String endpoint, String path) {
        return transport.repeated(
                path, () -> attempt(endpoint, path, Expected.ANY_FILE).body());
    }

    /** The user of this session according to XNAT; empty text for none. */
    String whoAmI() {
        return transport.repeated("/data/auth", () -> {
            String session = login.session();
            String name = login.nameOf(session);
            return name.isEmpty() ? login.nameOf(login.renewed(session)) : name;
        });
    }

    /** Requests a path that needs no login. */
    <T> T getOpenly(String endpoint, String path, BodyReader<T> reader) {
        return transport.repeated(path, () -> {
            try (Reply reply = transport.send(endpoint, "GET", path, "Accept", "application/json")) {
                if (reply.status() != 200 || looksLikeHtml(reply.body())) {
                    throw new IOException("status " + reply.status() + " from " + path);
                }
                return reader.read(reply.body());
            }
        });
    }

    /** One attempt: a lost login is renewed once, a 404 counts only with a valid login. */
    private Reply attempt(String endpoint, String path, Expected expected) throws IOException, InterruptedException {
        String session = login.session();
        for (boolean renewed = false; ; renewed = true) {
            Reply reply = transport.send(endpoint, "GET", path, "Cookie", "JSESSIONID=" + session);
            boolean keep = false;
            try {
                int status = reply.status();
                boolean html = status == 200 && looksLikeHtml(reply.body());
                if (status == 200 && !html) {
                    transport.answered();
                    keep = true;
                    return reply;
                }
                if (status == 408 || status == 429 || status >= 500) {
                    throw new IOException("status " + status);
                }
                boolean lost = html || status == 401 || status >= 300 && status < 400 || status == 404;
                if (lost) {
                    boolean valid = status != 401 && !login.nameOf(session).isEmpty();
                    if (html && valid && expected == Expected.ANY_FILE) {
                        keep = true;
                        return reply;
                    }
                    if (status == 404 && valid) {
                        throw new XnatGone("XNAT has nothing at " + path);
                    }
                    if (!renewed) {
                        session = login.renewed(session);
                        continue;
                    }
                    if (valid) {
                        throw new MalformedBody("an HTML page instead of data (status " + status + ")");
                    }
                    throw XnatDenied.account(
                            "XNAT does not accept the new login for " + path + " (status " + status
                                    + "). Check that the account's password has not expired",
                            null);
                }
                if (status == 403) {
                    throw XnatDenied.thing("XNAT refuses " + path + " to account '" + config.user()
                            + "' (403). Give the account the right to read it, or renew its password");
                }
                throw new XnatProtocol("XNAT answered " + path + " with status " + status);
            } finally {
                if (!keep) {
                    reply.close();
                }
            }
        }
    }

    /** Peeks without consuming. */
    static boolean looksLikeHtml(InputStream body) throws IOException {
        body.mark(SNIFFED);
        byte[] head = body.readNBytes(SNIFFED);
        body.reset();
        String start =
                new String(head, StandardCharsets.ISO_8859_1).stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html");
    }

    @Override
    public void close() {
        login.close();
    }
}
