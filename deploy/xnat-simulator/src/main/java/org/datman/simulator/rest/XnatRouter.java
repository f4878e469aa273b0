package org.datman.simulator.rest;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.datman.simulator.archive.Archive;
import org.datman.simulator.archive.Project;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.Subject;
import org.datman.simulator.auth.Accounts;
import org.datman.simulator.auth.Gatekeeper;
import org.datman.simulator.auth.Visitor;
import org.datman.simulator.http.Call;
import org.datman.simulator.http.Reply;

/**
 * XNAT's paths: `/data`, its old name `/REST` and `/data/archive`; `/xapi`. Like the original it takes the longest route that
 * the path begins with, so an unknown tail gives the object before it, and below `/projects/P/experiments/E` there is no
 * route to scans or files.
 */
public final class XnatRouter implements Gatekeeper.Inside {
    private final Archive archive;
    private final Listings listings;
    private final Items items;
    private final Catalogs catalogs;
    private final FileService files;
    private final SiteInfo site;
    private final Writes writes;
    private final ImportService imports;
    private final Search search;

    /** @param checksums whether file lists carry MD5 digests (a site setting of XNAT) */
    public XnatRouter(
            Archive archive,
            Accounts accounts,
            Clock clock,
            String siteId,
            boolean checksums,
            Uploads uploads,
            ImportService imports) {
        this.archive = archive;
        this.listings = new Listings(archive);
        this.items = new Items(archive);
        this.catalogs = new Catalogs(archive.digests(), checksums);
        this.files = new FileService(catalogs);
        this.site = new SiteInfo(archive, accounts, clock, siteId);
        this.writes = new Writes(archive, uploads);
        this.imports = imports;
        this.search = new Search(listings);
    }

    /** A request on its way down the tree: the segments not yet used, and what they hang on. */
    private record Step(Call call, Visitor visitor, List<String> rest) {
        boolean atEnd() {
            return rest.isEmpty();
        }

        String head() {
            return rest.isEmpty() ? "" : rest.get(0);
        }

        Step after(int n) {
            return new Step(call, visitor, rest.subList(Math.min(n, rest.size()), rest.size()));
        }

        boolean reading() {
            return call.method().equals("GET") || call.method().equals("HEAD");
        }
    }

    @Override
    public Reply answer(Call call, Visitor visitor) throws IOException {
        var path = call.segments();
        var top = path.get(0);
        if (top.equals("xapi")) return site.xapi(path.subList(1, path.size()), visitor);
        if (!top.equals("data") && !top.equals("REST")) return Reply.error(404, "Not found: " + call.rawPath());
        var rest = path.subList(1, path.size());
        if (!rest.isEmpty() && rest.get(0).equals("archive")) rest = rest.subList(1, rest.size());
        return root(new Step(call, visitor, rest));
    }

    private Reply root(Step step) throws IOException {
        var user = step.visitor().user();
        return switch (step.head()) {
            case "projects" ->
                step.rest().size() == 1 ? rows(step, listings.projects(step.call(), user)) : project(step.after(1));
            case "subjects" ->
                step.rest().size() == 1
                        ? rows(step, listings.subjects(step.call(), user, null))
                        : subject(
                                step.after(2),
                                readable(step, archive.subject(step.rest().get(1))),
                                null);
            case "experiments" ->
                step.rest().size() == 1
                        ? rows(step, listings.experiments(step.call(), user, null, null))
                        : session(
                                step.after(2),
                                readable(step, archive.session(step.rest().get(1))),
                                null,
                                true);
            case "services" ->
                imports.services(step.call(), step.visitor(), step.after(1).rest());
            case "prearchive" ->
                imports.prearchive(step.call(), step.visitor(), step.after(1).rest());
            case "search" ->
                step.rest().size() == 1 && step.call().method().equals("POST")
                        ? search.answer(step.call(), user)
                        : site.search(step.after(1).rest(), step.call());
            case "users" -> rows(step, site.users());
            case "scan_types" -> rows(step, site.distinct("type", scanTypes(p -> user.canRead(p))));
            case "scanners" ->
                rows(
                        step,
                        site.distinct(
                                "scanner",
                                archive.sessions().stream()
                                        .filter(s -> user.canRead(s.project())
                                                && s.fields().containsKey("scanner"))
                                        .map(s -> s.fields().get("scanner").toString())
                                        .toList()));
            default -> Reply.error(404, "Not found: " + step.call().rawPath());
        };
    }

    private static Reply rows(Step step, org.datman.simulator.http.Table table) {
        return Reply.rows(table, step.call().format());
    }

    private List<String> scanTypes(Predicate<String> project) {
        return archive.sessions().stream()
                .filter(s -> project.test(s.project()))
                .flatMap(s -> s.scans().stream())
                .map(Scan::type)
                .toList();
    }

    // ---- projects --------------------------------------------------------------------------------------------------

    private Reply project(Step step) throws IOException {
        var id = step.head();
        var user = step.visitor().user();
        var project = archive.project(id);
        var tail = step.after(1);
        if (tail.atEnd() && step.call().method().equals("PUT")) return writes.putProject(step.visitor(), id);
        if (project == null || !user.canRead(id)) {
            boolean experiments = project != null
                    && tail.head().equals("experiments")
                    && tail.rest().size() == 1;
            return experiments
                    ? Reply.error(403, "The user doesn't have permission to access this resource.")
                    : Reply.error(404, "Unable to identify project " + id);
        }
        return switch (tail.head()) {
            case "subjects" -> {
                if (tail.rest().size() == 1) yield rows(step, listings.subjects(step.call(), user, id));
                var key = tail.rest().get(1);
                var below = tail.after(2);
                var found = archive.findSubject(id, key);
                if (below.atEnd() && step.call().method().equals("PUT")) {
                    yield writes.putSubject(step.visitor(), id, key, found, step.call());
                }
                if (found == null
                        && below.head().equals("experiments")
                        && step.call().method().equals("PUT")) {
                    yield experimentOf(below, project, archive.createSubject(id, key));
                }
                yield subject(below, found, project);
            }
            case "experiments" ->
                tail.rest().size() == 1
                        ? rows(step, listings.experiments(step.call(), user, id, null))
                        : session(tail.after(2), archive.find(id, tail.rest().get(1)), null, false);
            case "resources", "files" -> resources(tail, projectResources(project), ALL_LEVELS);
            case "users" -> rows(step, site.projectUsers(id));
            case "scan_types" -> rows(step, site.distinct("type", scanTypes(id::equals)));
            case "prearchive_code" -> Reply.text(200, "4");
            default -> item(step, Items.xml(project), items.project(project));
        };
    }

    private static List<Located> projectResources(Project project) {
        return project.resources().stream()
                .map(r -> new Located(null, null, r, project.id(), "/data/projects/" + project.id()))
                .toList();
    }

    // ---- subjects --------------------------------------------------------------------------------------------------

    private Reply subject(Step step, Subject subject, Project via) throws IOException {
        if (subject == null) return Reply.error(404, "Unable to find the specified subject.");
        return switch (step.head()) {
            case "experiments" -> experimentOf(step, via, subject);
            case "resources", "files" ->
                resources(
                        step,
                        subject.resources().stream()
                                .map(r -> new Located(null, null, r, subject.label(), "/data/subjects/" + subject.id()))
                                .toList(),
                        ALL_LEVELS);
            default ->
                step.call().method().equals("DELETE") && step.atEnd()
                        ? writes.deleteSubject(step.visitor(), subject)
                        : item(step, Items.xml(subject), items.subject(subject));
        };
    }

    private Reply experimentOf(Step step, Project via, Subject subject) throws IOException {
        var project = via == null ? subject.project() : via.id();
        if (step.rest().size() == 1) {
            return rows(step, listings.experiments(step.call(), step.visitor().user(), project, subject.id()));
        }
        var key = step.rest().get(1);
        var session = archive.find(project, key);
        if (session != null && !session.subjectId().equals(subject.id())) session = null;
        var below = step.after(2);
        if (session == null && below.atEnd() && step.call().method().equals("PUT")) {
            return writes.createSession(step.visitor(), project, subject, key, step.call());
        }
        return session(below, session, "/data/projects/" + project + "/subjects/" + subject.id(), true);
    }

    private Subject readable(Step step, Subject subject) {
        return subject != null && step.visitor().user().canRead(subject.project()) ? subject : null;
    }

    private Session readable(Step step, Session session) {
        if (session == null) return null;
        var user = step.visitor().user();
        boolean may =
                user.canRead(session.project()) || session.shares().stream().anyMatch(s -> user.canRead(s.project()));
        return may ? session : null;
    }

    // ---- sessions --------------------------------------------------------------------------------------------------

    /**
     * @param via path of project and subject when the request came that way, null when it named the session alone
     * @param scansBelow whether XNAT's route table knows scans and files below this path
     */
    private Reply session(Step step, Session session, String via, boolean scansBelow) throws IOException {
        if (session == null) return Reply.error(404, "Unable to find the specified experiment.");
        var call = step.call();
        var base = (via == null ? "/data" : via) + "/experiments/" + session.id();
        var head = step.head();
        if (!scansBelow && !head.isEmpty() && !head.equals("resources")) {
            return item(step, Items.xml(session), items.session(session)); // XNAT has no such route: the item answers
        }
        return switch (head) {
            case "" -> step.reading() ? sessionItem(step, session) : writes.session(step.visitor(), session, call);
            case "scans" -> scans(step, session, base);
            case "resources", "files" -> {
                var own = sessionResources(session, base);
                if (call.query("all").equals("true")) {
                    var all = new ArrayList<>(own);
                    for (var scan : session.scans()) all.addAll(scanResources(session, scan, base));
                    yield resources(step, all, new Owner(session, null));
                }
                yield resources(step, own, new Owner(session, null));
            }
            case "assessors" -> rows(step, listings.assessors(call));
            case "status" -> Reply.text(200, "active");
            case "projects" ->
                step.rest().size() > 1 && !step.reading()
                        ? writes.share(step.visitor(), session, step.rest().get(1), call)
                        : rows(step, projectsOf(session));
            default -> item(step, Items.xml(session), items.session(session));
        };
    }

    private Reply sessionItem(Step step, Session session) {
        if (!step.call().query("handler").equals("values")) {
            return item(step, Items.xml(session), items.session(session));
        }
        var table = listings.experiments(step.call(), step.visitor().user(), session.project(), session.subjectId());
        var one = table.rows().stream()
                .filter(r -> session.id().equals(r.get("ID")))
                .toList();
        return rows(step, table.withRows(one));
    }

    private org.datman.simulator.http.Table projectsOf(Session session) {
        var rows = new ArrayList<java.util.Map<String, String>>();
        rows.add(ListQuery.row("ID", session.project(), "label", session.label()));
        session.shares().forEach(s -> rows.add(ListQuery.row("ID", s.project(), "label", s.label())));
        return new org.datman.simulator.http.Table("Projects", List.of("ID", "label"), rows, true, false);
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

    private Reply scans(Step step, Session session, String base) throws IOException {
        if (step.rest().size() == 1) return rows(step, listings.scans(step.call(), session));
        var selector = step.rest().get(1);
        var below = step.after(2);
        if (!step.reading() && below.atEnd()) {
            return writes.scan(step.visitor(), session, selector, step.call());
        }
        var chosen = select(session, selector);
        if (below.head().equals("resources") || below.head().equals("files")) {
            var located = new ArrayList<Located>();
            chosen.forEach(scan -> located.addAll(scanResources(session, scan, base)));
            return resources(below, located, new Owner(session, chosen.size() == 1 ? chosen.get(0) : null));
        }
        var exact = chosen.stream().filter(s -> s.id().equals(selector)).findFirst();
        if (exact.isEmpty()) return Reply.error(404, "Unable to find the specified scan.");
        return item(step, Items.xml(session, exact.get()), items.scan(session, exact.get()));
    }

    /** Comma list of ids; names of scan types match as well; `ALL` and `*` mean all. */
    static List<Scan> select(Session session, String selector) {
        if (selector.equals("ALL") || selector.equals("*")) return session.scans();
        var wanted = Arrays.stream(selector.split(","))
                .map(s -> s.replace("[SLASH]", "/").replace("[COMMA]", ","))
                .toList();
        return session.scans().stream()
                .filter(s -> wanted.contains(s.id())
                        || wanted.contains(s.type())
                        || (wanted.contains("NULL") && s.type().isEmpty()))
                .toList();
    }

    // ---- resources and files ---------------------------------------------------------------------------------------

    /** Where new resources go; without a session: nowhere. */
    record Owner(Session session, Scan scan) {}

    private static final Owner ALL_LEVELS = new Owner(null, null);

    private Reply resources(Step step, List<Located> all, Owner owner) throws IOException {
        var call = step.call();
        if (step.head().equals("files")) return files.answer(call, all, tail(call));
        if (step.rest().size() == 1) return rows(step, catalogs.list(all));
        var selector = step.rest().get(1);
        var keys = Arrays.asList(selector.split(","));
        var chosen = all.stream()
                .filter(l -> keys.stream().anyMatch(k -> matches(l.resource(), k)))
                .toList();
        var below = step.after(2);
        if (!step.reading()) {
            return writes.resource(
                    step.visitor(),
                    owner,
                    selector,
                    chosen.isEmpty() ? null : chosen.get(0).resource(),
                    below.head(),
                    tail(call),
                    call);
        }
        if (below.head().equals("files")) {
            if (chosen.isEmpty() && selector.matches("\\d+")) {
                return Reply.error(404, "Unable to find the specified resource.");
            }
            return files.answer(call, chosen, tail(call));
        }
        if (!below.atEnd()) return Reply.error(400, "Specified request format or URI is not supported.");
        if (chosen.isEmpty()) return Reply.error(404, "Unable to find the specified resource.");
        // XNAT gives the catalogue document whatever format is asked for.
        return Reply.xml(catalogs.xml(chosen.get(0)));
    }

    private static boolean matches(Resource resource, String key) {
        return resource.answersTo(key)
                || key.equals("*")
                || (key.equals("NULL") && resource.label().isEmpty());
    }

    /** What follows the first `/files` of a path, decoded, with a trailing slash kept; empty for the list. */
    private static String tail(Call call) {
        var raw = call.rawPath();
        int at = raw.indexOf("/files/");
        if (at < 0) return "";
        var encoded = raw.substring(at + "/files/".length());
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return encoded;
        }
    }

    private Reply item(Step step, String xml, com.fasterxml.jackson.databind.node.ObjectNode item) {
        return step.call().format().equals("json") ? Reply.json(200, Items.document(item)) : Reply.xml(xml);
    }
}
