package org.datman.simulator.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.datman.contracts.naming.PercentEncoding;
import org.datman.simulator.archive.Assessor;
import org.datman.simulator.archive.Holder;
import org.datman.simulator.archive.Project;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.Share;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.archive.Subject;
import org.datman.simulator.auth.AuthFilter;
import org.datman.simulator.auth.Caller;
import org.datman.simulator.auth.SimulatedAccounts;
import org.datman.simulator.auth.User;
import org.datman.simulator.container.ContainerApi;
import org.datman.simulator.container.ContainerService;
import org.datman.simulator.dicomweb.DicomWebApi;
import org.datman.simulator.eventservice.EventService;
import org.datman.simulator.eventservice.EventServiceApi;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.http.Table;
import org.datman.simulator.prearchive.Prearchive;
import org.datman.simulator.prearchive.PrearchiveApi;
import org.datman.simulator.workflow.Workflows;
import org.jspecify.annotations.Nullable;

/**
 * XNAT's paths: {@code /data}, its old name {@code /REST} and {@code /data/archive}; {@code /xapi}. Like XNAT it takes the longest route that
 * the path begins with, so an unknown tail gives the object before it, and below {@code /projects/P/experiments/E} there is no
 * route to scans or files.
 */
public final class XnatRouter implements AuthFilter.Inside {
    private final SimulatedArchive archive;
    private final Listings listings;
    private final Items items;
    private final Catalogs catalogs;
    private final FileService files;
    private final SiteInfo site;
    private final Writes writes;
    private final ResourceWrites resourceWrites;
    private final Services services;
    private final PrearchiveApi prearchive;
    private final Search search;
    private final Workflows workflows;
    private final Xapi xapi;

    /**
     * The services behind the paths.
     *
     * @param checksums whether file lists carry MD5 digests (a site setting of XNAT)
     * @param dicomWeb null for an XNAT without the plug-in
     */
    public record Parts(
            SimulatedArchive archive,
            SimulatedAccounts accounts,
            Clock clock,
            String siteId,
            boolean checksums,
            Uploads uploads,
            ImportService imports,
            Prearchive prearchive,
            Workflows workflows,
            ContainerService containers,
            EventService events,
            @Nullable DicomWebApi dicomWeb) {}

    public XnatRouter(Parts parts) {
        this.archive = parts.archive();
        this.listings = new Listings(archive);
        this.items = new Items(archive);
        this.catalogs = new Catalogs(archive.digests(), parts.checksums());
        this.files = new FileService(catalogs);
        this.site = new SiteInfo(archive, parts.accounts(), parts.clock(), parts.siteId());
        this.writes = new Writes(archive);
        this.resourceWrites = new ResourceWrites(archive, parts.uploads());
        this.prearchive = new PrearchiveApi(parts.prearchive());
        this.services = new Services(archive, parts.imports(), parts.prearchive(), prearchive);
        this.workflows = parts.workflows();
        this.search = new Search(listings, workflows);
        this.xapi = new Xapi(
                archive,
                site,
                new EventServiceApi(parts.events(), parts.containers(), parts.clock()),
                new ContainerApi(parts.containers()),
                workflows,
                parts.dicomWeb());
    }

    /** A request during routing: the segments not yet consumed, and their parent. */
    private record Step(Request request, Caller caller, List<String> rest) {
        boolean atEnd() {
            return rest.isEmpty();
        }

        String head() {
            return rest.isEmpty() ? "" : rest.get(0);
        }

        Step after(int n) {
            return new Step(request, caller, rest.subList(Math.min(n, rest.size()), rest.size()));
        }

        boolean reading() {
            return request.reads();
        }

        /** Rejects writes, and a path with more segments than that. */
        Step reads(int segments) {
            request.withMethod("GET");
            if (rest.size() > segments) {
                throw notDone();
            }
            return this;
        }

        Refusal notDone() {
            return Refusal.notDone(request.method() + " " + request.rawPath());
        }
    }

    @Override
    public Response answer(Request request, Caller caller) throws IOException {
        List<String> path = request.segments();
        String top = path.get(0);
        if (top.equals("xapi")) {
            return xapi.answer(request, path.subList(1, path.size()), caller);
        }
        if (!top.equals("data") && !top.equals("REST")) {
            return Response.error(404, "Not found: " + request.rawPath());
        }
        List<String> rest = path.subList(1, path.size());
        if (!rest.isEmpty() && rest.get(0).equals("archive")) {
            rest = rest.subList(1, rest.size());
        }
        return root(new Step(request, caller, rest));
    }

    private Response root(Step step) throws IOException {
        User user = step.caller().user();
        return switch (step.head()) {
            case "projects" ->
                step.rest().size() == 1
                        ? rows(step.reads(1), listings.projects(step.request(), user))
                        : project(step.after(1));
            case "subjects" ->
                step.rest().size() == 1
                        ? rows(step.reads(1), listings.subjects(step.request(), user, null))
                        : subject(
                                step.after(2),
                                readable(step, archive.subject(step.rest().get(1))),
                                null);
            case "experiments" ->
                step.rest().size() == 1
                        ? experiments(step, null, null)
                        : experiment(step.after(2), step.rest().get(1));
            case "services" ->
                services.answer(step.request(), step.caller(), step.after(1).rest());
            case "prearchive" ->
                prearchive.answer(step.request(), user, step.after(1).rest());
            case "search" ->
                step.rest().size() == 1 && step.request().method().equals("POST")
                        ? search.answer(step.request(), user)
                        : site.search(step.request(), step.after(1).rest());
            case "workflows" ->
                workflows.answer(step.request(), user, step.after(1).rest());
            case "users" -> plain(step.reads(1), site.users());
            case "scan_types" -> plain(step.reads(1), site.distinct("type", scanTypes(user::canRead)));
            case "scanners" -> plain(step.reads(1), site.distinct("scanner", scanners(user::canRead)));
            default -> Response.error(404, "Not found: " + step.request().rawPath());
        };
    }

    private static Response rows(Step step, Table table) {
        return Response.rows(
                table, step.request().givenAs("json", "csv", "xml", "html").format());
    }

    /** A list that knows no parameters. */
    private static Response plain(Step step, Table table) {
        step.request().knowing();
        return rows(step, table);
    }

    private List<String> scanners(Predicate<String> project) {
        return archive.sessions().stream()
                .filter(s -> project.test(s.project()) && s.fields().containsKey("scanner"))
                .map(s -> s.fields().get("scanner").toString())
                .toList();
    }

    private Response experiments(Step step, @Nullable String project, @Nullable String subjectId) {
        step.reads(1);
        if (step.request().query().containsKey("handler")) {
            throw Refusal.notDone("handler of a list");
        }
        return rows(step, listings.experiments(step.request(), step.caller().user(), project, subjectId));
    }

    private List<String> scanTypes(Predicate<String> project) {
        return archive.sessions().stream()
                .filter(s -> project.test(s.project()))
                .flatMap(s -> s.scans().stream())
                .map(Scan::type)
                .toList();
    }

    // ---- projects --------------------------------------------------------------------------------------------------

    private Response project(Step step) throws IOException {
        String id = step.head();
        User user = step.caller().user();
        Project project = archive.project(id);
        Step tail = step.after(1);
        if (tail.atEnd() && step.request().method().equals("PUT")) {
            return writes.putProject(step.caller(), id, step.request());
        }
        if (project == null || !user.canRead(id)) {
            boolean experiments = project != null
                    && tail.head().equals("experiments")
                    && tail.rest().size() == 1;
            return experiments
                    ? Response.error(403, "The user doesn't have permission to access this resource.")
                    : Response.error(404, "Unable to identify project " + id);
        }
        return switch (tail.head()) {
            case "" -> item(tail.reads(0), Items.xml(project), items.project(project));
            case "subjects" ->
                tail.rest().size() == 1
                        ? rows(tail.reads(1), listings.subjects(step.request(), user, id))
                        : subjectOf(tail.after(1), project);
            case "experiments" ->
                tail.rest().size() == 1
                        ? experiments(tail, id, null)
                        : session(tail.after(2), archive.find(id, tail.rest().get(1)), id, null, false);
            case "resources", "files" -> resources(tail, projectResources(project), Holder.project(id), id);
            case "users" -> plain(tail.reads(1), site.projectUsers(id));
            case "scan_types" -> plain(tail.reads(1), site.distinct("type", scanTypes(id::equals)));
            case "scanners" -> plain(tail.reads(1), site.distinct("scanner", scanners(id::equals)));
            case "prearchive_code" -> {
                tail.reads(1).request().knowing().givenAs();
                yield Response.text(200, "0"); // studies in the prearchive wait for a person
            }
            default -> throw tail.notDone();
        };
    }

    private static List<Located> projectResources(Project project) {
        return project.resources().stream()
                .map(r -> new Located(null, null, r, project.id(), "/data/projects/" + project.id()))
                .toList();
    }

    // ---- subjects --------------------------------------------------------------------------------------------------

    private Response subjectOf(Step step, Project project) throws IOException {
        String key = step.head();
        Step below = step.after(1);
        Subject found = archive.findSubject(project.id(), key);
        boolean put = step.request().method().equals("PUT");
        if (below.atEnd() && put) {
            return writes.putSubject(step.caller(), project.id(), key, found, step.request());
        }
        if (found == null
                && put
                && below.head().equals("experiments")
                && below.rest().size() == 2) {
            return writes.createSession(
                    step.caller(), project.id(), key, below.rest().get(1), step.request());
        }
        return subject(below, found, project);
    }

    /** @param via the project by which it was named, null when it was named alone */
    private Response subject(Step step, @Nullable Subject subject, @Nullable Project via) throws IOException {
        if (subject == null) {
            return Response.error(404, "Unable to find the specified subject.");
        }
        return switch (step.head()) {
            case "" ->
                step.request().method().equals("DELETE")
                        ? writes.deleteSubject(step.caller(), subject, via == null ? null : via.id(), step.request())
                        : item(step.reads(0), Items.xml(subject), items.subject(subject));
            case "experiments" -> experimentOf(step, via, subject);
            case "projects" ->
                step.rest().size() == 2 && !step.reading()
                        ? writes.shareSubject(
                                step.caller(), subject, step.rest().get(1), step.request())
                        : plain(step.reads(1), projectsOf(subject.project(), subject.label(), subject.shares()));
            case "resources", "files" ->
                resources(
                        step,
                        subject.resources().stream()
                                .map(r -> new Located(null, null, r, subject.label(), "/data/subjects/" + subject.id()))
                                .toList(),
                        Holder.subject(subject.id()),
                        subject.project());
            default -> throw step.notDone();
        };
    }

    private Response experimentOf(Step step, @Nullable Project via, Subject subject) throws IOException {
        String project = via == null ? subject.project() : via.id();
        if (step.rest().size() == 1) {
            return experiments(step, project, subject.id());
        }
        String key = step.rest().get(1);
        Session session = archive.find(project, key);
        if (session != null && !session.subjectId().equals(subject.id())) {
            session = null;
        }
        Step below = step.after(2);
        if (session == null && below.atEnd() && step.request().method().equals("PUT")) {
            return writes.createSession(step.caller(), project, subject.label(), key, step.request());
        }
        return session(below, session, project, "/data/projects/" + project + "/subjects/" + subject.id(), true);
    }

    private @Nullable Subject readable(Step step, @Nullable Subject subject) {
        return subject != null && step.caller().user().canRead(subject.project()) ? subject : null;
    }

    private @Nullable Session readable(Step step, @Nullable Session session) {
        if (session == null) {
            return null;
        }
        User user = step.caller().user();
        boolean may =
                user.canRead(session.project()) || session.shares().stream().anyMatch(s -> user.canRead(s.project()));
        return may ? session : null;
    }

    /** A session or an assessor, by accession id. */
    private Response experiment(Step step, String id) throws IOException {
        Assessor assessor = archive.assessor(id);
        if (assessor == null) {
            return session(step, readable(step, archive.session(id)), null, null, true);
        }
        Session session = readable(step, archive.session(assessor.session()));
        if (session == null) {
            return Response.error(404, "Unable to find the specified experiment.");
        }
        return item(step.reads(0), Items.xml(session, assessor), Items.assessor(session, assessor));
    }

    // ---- sessions --------------------------------------------------------------------------------------------------

    /**
     * @param project by which it was named, null when it was named alone
     * @param via path of project and subject when the request came that way, null when the path named only the session
     * @param scansBelow whether XNAT's route table knows scans and files below this path
     */
    private Response session(
            Step step, @Nullable Session session, @Nullable String project, @Nullable String via, boolean scansBelow)
            throws IOException {
        if (session == null) {
            return Response.error(404, "Unable to find the specified experiment.");
        }
        Request request = step.request();
        String base = (via == null ? "/data" : via) + "/experiments/" + session.id();
        String head = step.head();
        if (!scansBelow && (head.equals("scans") || head.equals("files"))) {
            if (!step.reading()) {
                throw step.notDone();
            }
            // XNAT has no such route: the item answers, and the parameters of the list are ignored.
            return document(step, Items.xml(session), items.session(session));
        }
        return switch (head) {
            case "" ->
                step.reading() ? sessionItem(step, session) : writes.session(step.caller(), session, project, request);
            case "scans" -> scans(step, session, base);
            case "resources", "files" -> {
                List<Located> all = new ArrayList<>(sessionResources(session, base));
                if (request.flag("all")) {
                    for (Scan scan : session.scans()) {
                        all.addAll(scanResources(session, scan, base));
                    }
                }
                yield resources(step, all, Holder.session(session.id()), session.project());
            }
            case "assessors" ->
                step.rest().size() == 2 && !step.reading()
                        ? writes.createAssessor(
                                step.caller(), session, step.rest().get(1), request)
                        : rows(step.reads(1), listings.assessors(request, session));
            case "status" -> {
                step.reads(1).request().knowing().givenAs();
                yield Response.text(200, "active");
            }
            case "projects" ->
                step.rest().size() == 2 && !step.reading()
                        ? writes.share(step.caller(), session, step.rest().get(1), request)
                        : plain(step.reads(1), projectsOf(session.project(), session.label(), session.shares()));
            default -> throw step.notDone();
        };
    }

    private Response sessionItem(Step step, Session session) {
        if (!step.request().query("handler").equals("values")) {
            return item(step, Items.xml(session), items.session(session));
        }
        Table table =
                listings.experiments(step.request(), step.caller().user(), session.project(), session.subjectId());
        List<Map<String, String>> one = table.rows().stream()
                .filter(r -> session.id().equals(r.get("ID")))
                .toList();
        return rows(step, table.withRows(one));
    }

    private static Table projectsOf(String project, String label, List<Share> shares) {
        List<Map<String, String>> rows = new ArrayList<>();
        rows.add(Table.row("ID", project, "label", label));
        shares.forEach(s -> rows.add(Table.row("ID", s.project(), "label", s.label())));
        return new Table("Projects", List.of("ID", "label"), rows, true, false);
    }

    private static List<Located> sessionResources(Session session, String base) {
        return session.resources().stream()
                .map(r -> new Located(session, null, r, session.archiveDir(), base))
                .toList();
    }

    private static List<Located> scanResources(Session session, Scan scan, String base) {
        return scan.resources().stream()
                .map(r -> new Located(session, scan, r, session.archiveDir(), base + "/scans/" + scan.id()))
                .toList();
    }

    // ---- scans -----------------------------------------------------------------------------------------------------

    private Response scans(Step step, Session session, String base) throws IOException {
        if (step.rest().size() == 1) {
            return rows(step.reads(1), listings.scans(step.request(), session));
        }
        String selector = step.rest().get(1);
        Step below = step.after(2);
        if (!step.reading() && below.atEnd()) {
            return writes.scan(step.caller(), session, selector, step.request());
        }
        List<Scan> chosen = select(session, selector);
        if (below.head().equals("resources") || below.head().equals("files")) {
            if (!step.reading() && chosen.size() != 1) {
                throw new Refusal(404, "Unable to find the one scan " + selector + " to write to.");
            }
            List<Located> located = new ArrayList<>();
            chosen.forEach(scan -> located.addAll(scanResources(session, scan, base)));
            Holder holder =
                    chosen.size() == 1 ? Holder.scan(session.id(), chosen.get(0).id()) : Holder.session(session.id());
            return resources(below, located, holder, session.project());
        }
        if (!below.atEnd()) {
            throw below.notDone();
        }
        Optional<Scan> exact =
                chosen.stream().filter(s -> s.id().equals(selector)).findFirst();
        if (exact.isEmpty()) {
            return Response.error(404, "Unable to find the specified scan.");
        }
        return item(step, Items.xml(session, exact.get()), items.scan(session, exact.get()));
    }

    /** Comma list of ids; names of scan types match as well; {@code ALL} and {@code *} mean all. */
    static List<Scan> select(Session session, String selector) {
        if (selector.equals("ALL") || selector.equals("*")) {
            return session.scans();
        }
        List<String> wanted = Arrays.stream(selector.split(","))
                .map(s -> s.replace("[SLASH]", "/").replace("[COMMA]", ","))
                .toList();
        return session.scans().stream()
                .filter(s -> wanted.contains(s.id())
                        || wanted.contains(s.type())
                        || (wanted.contains("NULL") && s.type().isEmpty()))
                .toList();
    }

    // ---- resources and files ---------------------------------------------------------------------------------------

    /**
     * @param all the resources that the path may refer to
     * @param holder where new ones go
     * @param project whose rights count
     */
    private Response resources(Step step, List<Located> all, Holder holder, String project) throws IOException {
        Request request = step.request();
        if (step.head().equals("files")) {
            request.withMethod("GET");
            return files.answer(request, all, tail(request));
        }
        if (step.rest().size() == 1) {
            return rows(step.reads(1), catalogs.list(request, all));
        }
        String selector = step.rest().get(1);
        List<String> keys = Arrays.asList(selector.split(","));
        List<Located> chosen = all.stream()
                .filter(l -> keys.stream().anyMatch(k -> matches(l.resource(), k)))
                .toList();
        Step below = step.after(2);
        if (!step.reading()) {
            if (!step.caller().user().canEdit(project)) {
                throw Writes.forbidden();
            }
            Resource known = chosen.isEmpty() ? null : chosen.get(0).resource();
            if (below.atEnd()) {
                return resourceWrites.resource(holder, selector, known, request);
            }
            if (!below.head().equals("files")) {
                throw below.notDone();
            }
            return resourceWrites.files(holder, selector, known, tail(request), request);
        }
        if (below.head().equals("files")) {
            if (chosen.isEmpty() && selector.matches("\\d+")) {
                return Response.error(404, "Unable to find the specified resource.");
            }
            return files.answer(request, chosen, tail(request));
        }
        if (!below.atEnd()) {
            return Response.error(400, "Specified request format or URI is not supported.");
        }
        if (chosen.isEmpty()) {
            return Response.error(404, "Unable to find the specified resource.");
        }
        // XNAT returns the catalogue document for any requested format.
        request.knowing("columns");
        return Response.xml(catalogs.xml(chosen.get(0)));
    }

    private static boolean matches(Resource resource, String key) {
        return resource.answersTo(key)
                || key.equals("*")
                || (key.equals("NULL") && resource.label().isEmpty());
    }

    /** What follows the first {@code /files} of a path, decoded, with a trailing slash kept; empty for the list. */
    private static String tail(Request request) {
        String raw = request.rawPath();
        int at = raw.indexOf("/files/");
        if (at < 0) {
            return "";
        }
        String encoded = raw.substring(at + "/files/".length());
        try {
            return PercentEncoding.decode(encoded);
        } catch (IllegalArgumentException malformed) {
            return encoded;
        }
    }

    private Response item(Step step, String xml, ObjectNode item) {
        step.request().withMethod("GET").knowing("concealHiddenFields").givenAs("json", "xml");
        return document(step, xml, item);
    }

    private static Response document(Step step, String xml, ObjectNode item) {
        return step.request().format().equals("json") ? Response.json(200, Items.document(item)) : Response.xml(xml);
    }
}
