package org.datman.simulator.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRules;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: receives requests, applies the faults, streams responses. Paths under {@code /_sim} are never faulty. */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** The date of HTTP (RFC 9110, 5.6.7). */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final io.vertx.core.http.HttpServer server;
    private final Path uploads;
    private final Handler app;
    private final FaultRules faults;
    private final Runnable endSessions;
    private final RequestLog log;
    private final Clock clock;

    /**
     * Starts listening.
     *
     * @param host address to listen on
     * @param port 0 for any free one
     * @param uploads folder for request bodies, each deleted after its response
     * @param endSessions called by the session faults
     * @throws IOException when the port is taken
     */
    public HttpServer(
            String host,
            int port,
            Path uploads,
            Handler app,
            FaultRules faults,
            Runnable endSessions,
            RequestLog log,
            Clock clock)
            throws IOException {
        this.uploads = uploads;
        this.app = app;
        this.faults = faults;
        this.endSessions = endSessions;
        this.log = log;
        this.clock = clock;
        this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true));
        this.workers = vertx.createSharedWorkerExecutor("xnat", 24, 1, TimeUnit.HOURS);
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHandle100ContinueAutomatically(true)
                        .setMaxInitialLineLength(64 * 1024)
                        .setMaxHeaderSize(64 * 1024))
                .requestHandler(this::receive);
        try {
            server.listen(port, host).toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            vertx.close();
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException("cannot listen on port " + port + " of " + host + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    private void receive(HttpServerRequest httpRequest) {
        // The admin paths have no login: they are restricted to clients on this machine.
        if (httpRequest.path() != null && httpRequest.path().startsWith("/_sim") && !fromThisMachine(httpRequest)) {
            httpRequest
                    .response()
                    .setStatusCode(403)
                    .end("The simulator's own paths answer on this machine's loopback only");
            return;
        }
        httpRequest.response().exceptionHandler(gone -> LOG.debug("Client gone", gone));
        boolean hasBody = httpRequest.getHeader("Transfer-Encoding") != null
                || (httpRequest.getHeader("Content-Length") != null
                        && !"0".equals(httpRequest.getHeader("Content-Length")));
        if (!hasBody) {
            serve(httpRequest, null);
            return;
        }
        httpRequest.pause();
        Path file = uploads.resolve("body-" + UUID.randomUUID());
        vertx.fileSystem()
                .open(file.toString(), new OpenOptions().setWrite(true).setCreateNew(true))
                .compose(httpRequest::pipeTo)
                .onSuccess(done -> serve(httpRequest, file))
                .onFailure(e -> {
                    LOG.warn("Request body lost error={}", e.getMessage());
                    delete(file);
                    httpRequest.connection().close();
                });
    }

    private static boolean fromThisMachine(HttpServerRequest httpRequest) {
        SocketAddress local = httpRequest.connection().remoteAddress();
        try {
            return local != null && InetAddress.getByName(local.hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException noAddress) {
            return false;
        }
    }

    private void serve(HttpServerRequest httpRequest, @Nullable Path body) {
        Map<String, String> headers = new LinkedHashMap<>();
        httpRequest.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        String query = httpRequest.query() == null ? "" : httpRequest.query();
        Request request = new Request(httpRequest.method().name(), httpRequest.path(), query, headers, body);
        String uri = query.isEmpty() ? httpRequest.path() : httpRequest.path() + "?" + query;
        FaultInjector injector = new FaultInjector(
                httpRequest.path().startsWith("/_sim") ? java.util.List.of() : faults.strike(request.method(), uri));
        if (injector.has(Fault.HANG)) {
            note(request, 0, injector);
            delete(body);
            return;
        }
        if (injector.has(Fault.RESET)) {
            note(request, 0, injector);
            delete(body);
            ResettableTransport.reset(httpRequest.connection());
            return;
        }
        Runnable work = () -> workers.executeBlocking(
                () -> {
                    respond(httpRequest, request, injector);
                    return null;
                },
                false);
        long wait = injector.latency().toMillis();
        if (wait > 0) {
            vertx.setTimer(wait, t -> work.run());
        } else {
            work.run();
        }
    }

    private void respond(HttpServerRequest httpRequest, Request request, FaultInjector injector) {
        try {
            injector.act();
            Response response = injector.instead(endSessions);
            if (response == null) {
                response = injector.inject(answer(request));
            }
            note(request, response.status(), injector);
            write(httpRequest, response, injector);
        } catch (IOException | RuntimeException e) {
            LOG.debug(
                    "Request not answered completely method={} path={} error={}",
                    request.method(),
                    request.rawPath(),
                    e.toString());
            httpRequest.connection().close();
        } finally {
            delete(request.body());
        }
    }

    private Response answer(Request request) {
        try {
            return app.answer(request);
        } catch (Refusal refused) {
            return Response.error(refused.status(), String.valueOf(refused.getMessage()));
        } catch (IOException | RuntimeException e) {
            LOG.warn("Request failed method={} path={}", request.method(), request.rawPath(), e);
            return Response.error(500, "The simulator failed: " + e);
        }
    }

    private void write(HttpServerRequest httpRequest, Response response, FaultInjector injector) throws IOException {
        HttpServerResponse httpResponse = httpRequest.response().setStatusCode(response.status());
        // As Tomcat does.
        httpResponse.putHeader("Date", DATE.format(clock.instant().atOffset(ZoneOffset.UTC)));
        for (Response.Header header : response.headers()) {
            httpResponse.headers().add(header.name(), header.value());
        }
        boolean head = httpRequest.method().equals(HttpMethod.HEAD);
        ResponseStream stream = new ResponseStream(httpResponse, head ? -1 : injector.cutAfter());
        try {
            if (response.body() instanceof Response.Bytes bytes) {
                if (response.status() != 204 && response.status() != 304) {
                    length(httpResponse, bytes.contentType(), bytes.bytes().length);
                    if (!head) {
                        stream.write(bytes.bytes());
                    }
                }
            } else if (response.body() instanceof Response.Rows rows) {
                byte[] bytes = render(rows);
                length(httpResponse, contentType(rows.format()), bytes.length);
                if (!head) {
                    stream.write(bytes);
                }
            } else if (response.body() instanceof Response.FileBody file) {
                length(httpResponse, file.contentType(), Files.size(file.file()));
                if (!head) {
                    try (InputStream in = open(file)) {
                        in.transferTo(stream);
                    }
                }
            } else if (response.body() instanceof Response.Archive archive) {
                httpResponse.putHeader("Content-Type", archive.download().contentType());
                httpResponse.setChunked(true);
                if (!head) {
                    archive.download().writeTo(stream);
                }
            }
            stream.finish();
            if (injector.has(Fault.RESET_AFTER_HEADERS)) {
                ResettableTransport.reset(httpRequest.connection());
            } else {
                httpResponse.end();
            }
        } catch (ResponseStream.CutShort cut) {
            cutShort(httpRequest, injector);
        }
    }

    private static void cutShort(HttpServerRequest httpRequest, FaultInjector injector) {
        HttpServerResponse httpResponse = httpRequest.response();
        if (injector.has(Fault.TRUNCATE_CLEANLY) && httpResponse.isChunked()) {
            httpResponse.end();
        } else if (injector.has(Fault.RESET_AFTER_HEADERS)) {
            if (!httpResponse.headWritten()) {
                httpResponse.writeHead().onComplete(x -> ResettableTransport.reset(httpRequest.connection()));
            } else {
                ResettableTransport.reset(httpRequest.connection());
            }
        } else if (!httpResponse.headWritten()) {
            httpResponse.writeHead().onComplete(x -> httpRequest.connection().close());
        } else {
            httpRequest.connection().close();
        }
    }

    private static void length(HttpServerResponse httpResponse, String contentType, long length) {
        httpResponse.putHeader("Content-Type", contentType).putHeader("Content-Length", Long.toString(length));
    }

    private static InputStream open(Response.FileBody body) throws IOException {
        InputStream in = Files.newInputStream(body.file());
        return body.damageAt() < 0 ? in : new ArchiveDownload.WrongByte(in, body.damageAt());
    }

    private static byte[] render(Response.Rows rows) {
        return switch (rows.format()) {
            case "csv" -> rows.table().csv();
            case "xml" -> rows.table().xml();
            case "html" -> rows.table().html();
            default -> rows.table().json();
        };
    }

    private static String contentType(String format) {
        return switch (format) {
            case "csv" -> "text/csv";
            case "xml" -> "text/xml;charset=UTF-8";
            case "html" -> "text/html;charset=UTF-8";
            default -> "application/json;charset=UTF-8";
        };
    }

    private void note(Request request, int status, FaultInjector injector) {
        log.add(new RequestLog.Entry(
                clock.instant(),
                request.method(),
                request.rawPath(),
                request.rawQuery(),
                request.userAgent(),
                status,
                injector.names()));
    }

    private static void delete(@Nullable Path body) {
        if (body == null) {
            return;
        }
        try {
            Files.deleteIfExists(body);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the request body " + body, e);
        }
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The server did not close cleanly", e);
        }
    }
}
