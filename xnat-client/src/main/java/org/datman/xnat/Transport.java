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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that survive outages: a limited number at a time, repeated with pauses, behind a circuit breaker. Reading only: every
 * request may be repeated. Who asks, and what a status means, is up to the caller.
 */
final class Transport {

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
    private static final int MOST_DOUBLED = 64;

    /** Reads a body; an {@link IOException} repeats the request. */
    @FunctionalInterface
    interface BodyReader<T> {
        T read(InputStream body) throws IOException;
    }

    /** A response, its body not read yet. */
    record Reply(int status, InputStream body) implements AutoCloseable {
        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                LOG.debug("Closing a response failed", e);
            }
        }
    }

    private final String product;
    private final XnatConfig config;
    private final CallObserver observer;
    private final HttpClient client;
    private final Semaphore slots;
    private final Breaker breaker;
    private final Retry retry;

    /** @param product what the server is, for messages */
    Transport(String product, XnatConfig config, CallObserver observer) {
        this.product = product;
        this.config = config;
        this.observer = observer;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.connectTimeout())
                .build();
        this.slots = new Semaphore(config.concurrency(), true);
        this.breaker = new Breaker(product, config.firstPause(), new MonotonicClock());
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

    /** One attempt of a request; an {@link IOException} repeats it. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Attempts until there is an answer, or it is certain that there is none. */
    <T> T repeated(String path, Attempt<T> attempt) {
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
            throw malformed(path, e);
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
            throw new XnatOutage(
                    product + " did not answer " + path + " in " + config.attempts() + " attempts: " + why, e);
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

    /** One attempt, for what can be done without: its failure says nothing about the server. */
    <T> T once(String path, Attempt<T> attempt) {
        try {
            return logged(path, attempt);
        } catch (MalformedBody e) {
            throw malformed(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(path, e);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(path, e);
            }
            throw new XnatOutage(product + " did not answer " + path + ": " + describe(e), e);
        }
    }

    private XnatProtocol malformed(String path, MalformedBody e) {
        return new XnatProtocol(product + "'s answer to " + path + " cannot be read: " + e.getMessage(), e);
    }

    private <T> T logged(String path, Attempt<T> attempt) throws IOException, InterruptedException {
        try {
            return attempt.run();
        } catch (IOException e) {
            LOG.debug("Request failed server={} path={} error={}", config.server(), path, e.getMessage());
            throw e;
        }
    }

    private XnatOutage interrupted(String path, Exception e) {
        return new XnatOutage("Interrupted while asking " + product + " for " + path, e);
    }

    private static String describe(IOException e) {
        String own = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return e.getCause() == null || e.getCause().getMessage() == null
                ? own
                : own + " (" + e.getCause().getMessage() + ")";
    }

    /** The server answers: one object that it cannot send must not block the others. */
    void answered() {
        breaker.succeeded();
    }

    private Reply reply(HttpResponse<InputStream> response, Runnable onClose) {
        InputStream guarded =
                new BufferedInputStream(new IdleGuard(response.body(), config.idleTimeout(), onClose), 1 << 16);
        return new Reply(response.statusCode(), guarded);
    }

    /** A request that holds one of the slots until its body is closed. */
    Reply send(String endpoint, String method, String path, String header, String value)
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
}
