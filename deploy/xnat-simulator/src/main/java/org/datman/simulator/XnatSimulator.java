package org.datman.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.io.FileUtils;
import org.datman.simulator.admin.Actions;
import org.datman.simulator.admin.AdminApi;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.arrival.SessionFeed;
import org.datman.simulator.auth.AuthFilter;
import org.datman.simulator.auth.SimulatedAccounts;
import org.datman.simulator.auth.User;
import org.datman.simulator.container.ContainerRunner;
import org.datman.simulator.container.ContainerService;
import org.datman.simulator.dicomweb.DicomWebApi;
import org.datman.simulator.eventservice.EventService;
import org.datman.simulator.fault.FaultRules;
import org.datman.simulator.http.Handler;
import org.datman.simulator.http.HttpServer;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.RequestLog;
import org.datman.simulator.http.Response;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.importer.SessionLoader;
import org.datman.simulator.importer.StudyFolderReader;
import org.datman.simulator.prearchive.Prearchive;
import org.datman.simulator.rest.ImportService;
import org.datman.simulator.rest.Uploads;
import org.datman.simulator.rest.XnatRouter;
import org.datman.simulator.webhook.Bodies;
import org.datman.simulator.webhook.WebhookTarget;
import org.datman.simulator.webhook.Webhooks;
import org.datman.simulator.workflow.Workflows;
import org.jspecify.annotations.Nullable;

/**
 * A simulated XNAT server that real clients accept, with faults on demand.
 *
 * <pre>{@code
 * try (XnatSimulator sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start()) {
 *     Session session = sim.addSession(folderOfDicoms, LoadOptions.project("SPN01"));
 *     sim.faults().add(FaultRule.status(503).on("format=zip").times(2));
 *     … a client on sim.url() …
 *     sim.archive().rename(session.id(), "SPN01_CMH_0001_02");
 * }
 * }</pre>
 */
public final class XnatSimulator implements AutoCloseable {
    private final SimulatedAccounts accounts;
    private final SimulatedArchive archive;
    private final FaultRules faults = new FaultRules();
    private final RequestLog log = new RequestLog();
    private final SessionLoader loader;
    private final Uploads uploads;
    private final Webhooks webhooks;
    private final SessionFeed arrivals;
    private final Workflows workflows;
    private final EventService events;
    private final HttpServer server;
    private final Path state;
    private final String context;
    private final @Nullable Path toDelete;
    private final AtomicBoolean closed = new AtomicBoolean();

    private XnatSimulator(Builder builder) throws IOException {
        this.context = builder.context;
        this.state = builder.state == null ? Files.createTempDirectory("xnat-simulator-") : builder.state;
        this.toDelete = builder.state == null ? state : null;
        Path bodies = Files.createDirectories(state.resolve("bodies"));
        this.accounts = new SimulatedAccounts(
                builder.clock, builder.users, builder.sessionTimeout, builder.maxSessions, Duration.ofDays(2));
        this.archive = new SimulatedArchive(
                builder.siteId, builder.clock, builder.state == null ? null : state.resolve("archive.json"));
        StudyFolderReader reader = new StudyFolderReader(state.resolve("unpacked"));
        this.loader = new SessionLoader(archive, reader);
        this.uploads = new Uploads(state.resolve("uploads"), builder.clock);
        this.webhooks = new Webhooks(builder.clock, "http://" + builder.siteId, builder.webhook);
        archive.onEvent(webhooks::emit);
        this.arrivals = new SessionFeed(archive, loader, builder.state == null ? null : state.resolve("arrivals.log"));
        Prearchive prearchive = new Prearchive(archive, reader, state.resolve("prearchive"), builder.clock);
        this.workflows = new Workflows();
        archive.onEvent(workflows::note);
        ContainerService containers = new ContainerService(
                builder.clock, accounts, () -> url().toString(), builder.systemProperties, builder.containers);
        this.events = new EventService(
                builder.clock,
                containers,
                event -> Bodies.service(event, event.session().project()));
        archive.onEvent(events::onEvent);
        XnatRouter router = new XnatRouter(new XnatRouter.Parts(
                archive,
                accounts,
                builder.clock,
                builder.siteId,
                builder.checksums,
                uploads,
                new ImportService(archive, reader, uploads, prearchive),
                prearchive,
                workflows,
                containers,
                events,
                builder.dicomWeb ? new DicomWebApi(archive, () -> url().toString()) : null));
        AuthFilter gate = new AuthFilter(accounts, builder.clock, builder.siteId, router);
        AdminApi admin = new AdminApi(new Actions(archive, accounts, loader, uploads, faults, webhooks, log, arrivals));
        this.server = new HttpServer(
                builder.host, builder.port, bodies, route(gate, admin), faults, accounts::closeAll, log, builder.clock);
    }

    private Handler route(Handler xnat, Handler admin) {
        return request -> {
            if (request.rawPath().startsWith("/_sim")) {
                return admin.answer(request);
            }
            if (context.isEmpty()) {
                return xnat.answer(request);
            }
            String path = request.rawPath();
            if (!path.equals(context) && !path.startsWith(context + "/")) {
                return Response.error(404, "The application is at " + context);
            }
            String inner = path.substring(context.length());
            Response response = xnat.answer(new Request(
                    request.method(),
                    inner.isEmpty() ? "/" : inner,
                    request.rawQuery(),
                    request.headers(),
                    request.body()));
            List<Response.Header> headers = new ArrayList<>();
            for (Response.Header header : response.headers()) {
                headers.add(
                        header.name().equals("Location")
                                ? new Response.Header("Location", context + header.value())
                                : header);
            }
            return new Response(response.status(), headers, response.body());
        };
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Base address for clients, with the context path, without a trailing slash. */
    public URI url() {
        return URI.create("http://localhost:" + server.port() + context);
    }

    /** The archive, and all changes to it. */
    public SimulatedArchive archive() {
        return archive;
    }

    /** Fault rules for responses. */
    public FaultRules faults() {
        return faults;
    }

    public RequestLog requestLog() {
        return log;
    }

    /** Accounts and open sessions. */
    public SimulatedAccounts accounts() {
        return accounts;
    }

    /** Webhooks, and how unreliably they are delivered. */
    public Webhooks webhooks() {
        return webhooks;
    }

    /** Workflows of sessions, including hanging ones. */
    public Workflows workflows() {
        return workflows;
    }

    /** Sessions that arrive over time, from a folder or a scenario. */
    public SessionFeed arrivals() {
        return arrivals;
    }

    /** Folder of the simulator's state. */
    public Path state() {
        return state;
    }

    /**
     * Loads every sub-folder, zip, tar, tar.gz and tar.xz of a folder as one session each; labels that are there already
     * are left as they are.
     */
    public List<Session> loadFolder(Path folder, LoadOptions options) throws IOException {
        return loader.loadFolder(folder, options);
    }

    /** Loads one folder (any depth), zip, tar, tar.gz or tar.xz as a session. */
    public Session addSession(Path source, LoadOptions options) throws IOException {
        return loader.addSession(source, options);
    }

    /** Merges a folder or archive into a session: a late series, a repeated one, paired data. */
    public Session addTo(String sessionId, Path source) throws IOException {
        return loader.addTo(sessionId, source);
    }

    /** Adds a file to a session resource, which is created when it does not exist. */
    public Session addResourceFile(String sessionId, String label, String path, byte[] content) throws IOException {
        return archive.addFiles(sessionId, label, List.of(uploads.store(content, path)));
    }

    /** Adds a file to, or replaces it in, a resource of a scan: a late slice, or a corrupt one. */
    public Session addScanFile(String sessionId, String scanId, String resource, String path, byte[] content)
            throws IOException {
        return archive.addScanFiles(sessionId, scanId, resource, List.of(uploads.store(content, path)));
    }

    /** Removes a file from disk while the catalogue still lists it: zips silently skip it. */
    public Session loseScanFile(String sessionId, String scanId, String resource, String path) {
        return archive.editScan(
                sessionId,
                scanId,
                s -> s.withResource(
                        resource,
                        r -> r.withFiles(r.files().stream()
                                .map(f -> f.path().equals(path)
                                        ? new ArchivedFile(
                                                path,
                                                f.source().resolveSibling(".lost-" + f.name()),
                                                f.size(),
                                                f.modified())
                                        : f)
                                .toList())));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        arrivals.close();
        webhooks.close();
        events.close();
        server.close();
        if (toDelete == null) {
            return;
        }
        try {
            FileUtils.deleteDirectory(toDelete.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the simulator's work folder " + toDelete, e);
        }
    }

    /** The options of a simulator; all have a default. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port;
        private String context = "";
        private String siteId = "SIM";
        private Clock clock = Clock.systemUTC();
        private final List<User> users = new ArrayList<>();
        private Duration sessionTimeout = Duration.ofMinutes(15);
        private int maxSessions = 1000;
        private boolean checksums = true;
        private boolean dicomWeb = true;
        private @Nullable Path state;
        private @Nullable WebhookTarget webhook;
        private Map<String, String> systemProperties = Map.of();
        private @Nullable ContainerRunner containers;

        private Builder() {}

        /** Address to listen on; loopback by default. Its own paths under {@code /_sim} answer loopback only in any case. */
        public Builder host(String newHost) {
            host = newHost;
            return this;
        }

        /** 0, the default, takes any free port. */
        public Builder port(int newPort) {
            port = newPort;
            return this;
        }

        /** Path of the web application, such as {@code /xnat}; none by default. */
        public Builder contextPath(String path) {
            context = path.equals("/") ? "" : path;
            return this;
        }

        /** Start of accession ids: {@code SIM} gives {@code SIM_E00001}. */
        public Builder siteId(String id) {
            siteId = id;
            return this;
        }

        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        /** Accounts with all rights, name to password. */
        public Builder users(Map<String, String> passwords) {
            passwords.forEach((name, password) -> users.add(User.full(name, password)));
            return this;
        }

        public Builder user(User user) {
            users.add(user);
            return this;
        }

        /** Idle time after which server sessions end; 15 minutes by default. */
        public Builder sessionTimeout(Duration timeout) {
            sessionTimeout = timeout;
            return this;
        }

        /** Open sessions per account beyond which logins are rejected; 1000 by default. */
        public Builder maxSessions(int max) {
            maxSessions = max;
            return this;
        }

        /** Whether file lists carry MD5 digests; they do by default. */
        public Builder checksums(boolean on) {
            checksums = on;
            return this;
        }

        /** Whether the DICOMweb plug-in is installed; it is by default. */
        public Builder dicomWeb(boolean on) {
            dicomWeb = on;
            return this;
        }

        /** Folder for state that outlives the process; by default a temporary one that {@link XnatSimulator#close} removes. */
        public Builder state(Path folder) {
            state = folder;
            return this;
        }

        /** Receiver of webhooks; none by default. */
        public Builder webhook(WebhookTarget target) {
            webhook = target;
            return this;
        }

        /** Runs the containers that events start; without one they fail, as on an XNAT without a container server. */
        public Builder containers(ContainerRunner runner) {
            containers = runner;
            return this;
        }

        /** System properties of XNAT's Tomcat, from which Container Service reads secrets. */
        public Builder systemProperties(Map<String, String> properties) {
            systemProperties = properties;
            return this;
        }

        /**
         * Starts the server.
         *
         * @throws IOException when the port is taken or the state folder cannot be used
         */
        public XnatSimulator start() throws IOException {
            return new XnatSimulator(this);
        }
    }
}
