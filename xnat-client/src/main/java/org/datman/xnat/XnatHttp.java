package org.datman.xnat;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests that survive outages and a lost login, and classify the remaining failures. Reading only: every request may be repeated. */
final class XnatHttp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(XnatHttp.class);
    private static final int SNIFFED = 512;
    private static final int MOST_DOUBLED = 64;

    /** What a good response contains. */
    enum Expected {
        JSON,
        ZIP,
        ANY_FILE
    }

    /** Reads a body; an {@link IOException} repeats the request. */
    @FunctionalInterface
    interface BodyReader<T> {
        T read(InputStream body) throws IOException;
    }

    /** A response, its body not read yet. */
    private record Reply(int status, InputStream body, String contentType) implements AutoCloseable {
        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                LOG.debug("Closing a response failed", e);
            }
        }
    }

    private final XnatConfig config;
    private final CallObserver observer;
    private final HttpClient client;
    private final Semaphore slots;
    private final XnatLogin login;
    private final Breaker breaker;
    private final Retry retry;

    XnatHttp(XnatConfig config, CallObserver observer) {
        this.config = config;
        this.observer = observer;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.connectTimeout())
                .build();
        this.slots = new Semaphore(config.concurrency(), true);
        this.login = new XnatLogin(config, this);
        this.breaker = new Breaker(config.firstPause(), new MonotonicClock());
        // Random, so that many workers do not retry at once.
        this.retry = Retry.of(
                "xnat",
                RetryConfig.custom()
                        .maxAttempts(config.attempts())
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(
                                config.firstPause().toMillis(),
                                2,
                                0.5,
                                MOST_DOUBLED * config.firstPause().toMillis()))
                        .retryExceptions(IOException.class)
                        .build());
    }

    /** Sends until there is a readable response, or it is certain that there is none. */
    <T> T get(String endpoint, String path, Expected expected, BodyReader<T> reader) {
        return repeated(path, () -> {
            try (Reply reply = attempt(endpoint, path, expected)) {
                return reader.read(reply.body());
            }
        });
    }

    /** The body of the response; its reader repeats the request when it breaks. Closing it early ends the transfer. */
    InputStream open(String endpoint, String path) {
        return repeated(path, () -> attempt(endpoint, path, Expected.ANY_FILE).body());
    }

    /** The user of this session according to XNAT; empty text for none. */
    String whoAmI() {
        return repeated("/data/auth", () -> {
            String session = login.session();
            String name = login.nameOf(session);
            return name.isEmpty() ? login.nameOf(login.renewed(session)) : name;
        });
    }

    /** Requests a path that needs no login. */
    <T> T getOpenly(String endpoint, String path, BodyReader<T> reader) {
        return repeated(path, () -> {
            try (Reply reply = send(endpoint, "GET", path, "Accept", "application/json")) {
                if (reply.status() != 200 || looksLikeHtml(reply.body())) {
                    throw new IOException("status " + reply.status() + " from " + path);
                }
                return reader.read(reply.body());
            }
        });
    }

    private interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T repeated(String path, Attempt<T> attempt) {
        breaker.acquire(path);
        boolean reported = false;
        try {
            T answer = retry.executeCheckedSupplier(() -> logged(path, attempt));
            breaker.succeeded();
            reported = true;
            return answer;
        } catch (XnatGone | XnatDenied | XnatProtocol e) {
            breaker.succeeded();
            reported = true;
            throw e;
        } catch (MalformedBody e) {
            breaker.succeeded();
            reported = true;
            throw new XnatProtocol("XNAT's answer to " + path + " cannot be read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(path, e);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(path, e);
            }
            String why = describe(e);
            breaker.failed(e, why);
            reported = true;
            throw new XnatOutage("XNAT did not answer " + path + " in " + config.attempts() + " attempts: " + why, e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("No attempt throws this", e);
        } finally {
            if (!reported) {
                breaker.released();
            }
        }
    }

    private static <T> T logged(String path, Attempt<T> attempt) throws IOException, InterruptedException {
        try {
            return attempt.run();
        } catch (IOException e) {
            LOG.debug("XNAT request failed path={} error={}", path, e.getMessage());
            throw e;
        }
    }

    private static XnatOutage interrupted(String path, Exception e) {
        return new XnatOutage("Interrupted while asking XNAT for " + path, e);
    }

    private static String describe(IOException e) {
        String own = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return e.getCause() == null || e.getCause().getMessage() == null
                ? own
                : own + " (" + e.getCause().getMessage() + ")";
    }

    /** One attempt: a lost login is renewed once, a 404 counts only with a valid login. */
    private Reply attempt(String endpoint, String path, Expected expected) throws IOException, InterruptedException {
        String session = login.session();
        for (boolean renewed = false; ; renewed = true) {
            Reply reply = send(endpoint, "GET", path, "Cookie", "JSESSIONID=" + session);
            boolean keep = false;
            try {
                int status = reply.status();
                boolean html = status == 200 && looksLikeHtml(reply.body());
                if (status == 200 && !html) {
                    breaker.succeeded();
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

    private Reply reply(HttpResponse<InputStream> response, Runnable onClose) {
        InputStream guarded =
                new BufferedInputStream(new IdleGuard(response.body(), config.idleTimeout(), onClose), 1 << 16);
        return new Reply(
                response.statusCode(),
                guarded,
                response.headers().firstValue("Content-Type").orElse(""));
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

    /** A request that holds one of the slots until its body is closed. */
    private Reply send(String endpoint, String method, String path, String header, String value)
            throws IOException, InterruptedException {
        HttpRequest request = request(method, path, header, value);
        slots.acquire();
        boolean answered = false;
        try {
            Reply reply = reply(exchange(endpoint, request), slots::release);
            answered = true;
            return reply;
        } finally {
            if (!answered) {
                slots.release();
            }
        }
    }

    private HttpRequest request(String method, String path, String header, String value) {
        return HttpRequest.newBuilder(URI.create(config.base() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", config.userAgent())
                .header(header, value)
                .build();
    }

    private HttpResponse<InputStream> exchange(String endpoint, HttpRequest request)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        CompletableFuture<HttpResponse<InputStream>> answer = null;
        String outcome = "io";
        try {
            answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
            HttpResponse<InputStream> response =
                    answer.get(config.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
            outcome = Integer.toString(response.statusCode());
            return response;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException("the request failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer in " + config.answerTimeout(), e);
        } finally {
            if (outcome.equals("io") && answer != null) {
                answer.cancel(true);
            }
            observer.observed(endpoint, outcome, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** A short response as text. Needs no slot: its callers hold one. */
    Text text(String endpoint, String method, String path, String header, String value)
            throws IOException, InterruptedException {
        try (Reply reply = reply(exchange(endpoint, request(method, path, header, value)), () -> {})) {
            byte[] head = reply.body().readNBytes(1 << 14);
            return new Text(reply.status(), new String(head, StandardCharsets.UTF_8).strip());
        }
    }

    /** Status and the beginning of a body. */
    record Text(int status, String body) {}

    @Override
    public void close() {
        login.close();
    }
}
