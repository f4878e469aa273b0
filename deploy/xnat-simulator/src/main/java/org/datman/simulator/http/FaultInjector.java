package org.datman.simulator.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;
import org.jspecify.annotations.Nullable;

/** Applies the matching fault rules to the response of one request. */
final class FaultInjector {
    private final List<FaultRule> rules;

    FaultInjector(List<FaultRule> rules) {
        this.rules = rules;
    }

    boolean has(Fault fault) {
        return rules.stream().anyMatch(r -> r.fault() == fault);
    }

    private @Nullable FaultRule first(Fault fault) {
        return rules.stream().filter(r -> r.fault() == fault).findFirst().orElse(null);
    }

    Duration latency() {
        return rules.stream().map(FaultRule::latency).reduce(Duration.ZERO, Duration::plus);
    }

    /** Names of the faults for the log. */
    String names() {
        return rules.stream().map(r -> r.fault().name()).collect(Collectors.joining(","));
    }

    /** Runs the actions before the response. */
    void act() {
        for (FaultRule rule : rules) {
            if (rule.fault() == Fault.ACTION) {
                rule.action().run();
            }
        }
    }

    /** Number of body bytes after which the response stops, -1 for a complete response. */
    long cutAfter() {
        for (FaultRule rule : rules) {
            switch (rule.fault()) {
                case TRUNCATE, TRUNCATE_CLEANLY, RESET_AFTER_HEADERS -> {
                    return rule.bytes();
                }
                default -> {}
            }
        }
        return -1;
    }

    /** A response that replaces the real one, null to send the real one. */
    @Nullable
    Response instead(Runnable endSessions) {
        for (FaultRule rule : rules) {
            switch (rule.fault()) {
                case STATUS -> {
                    return proxyPage(rule.status());
                }
                case EMPTY_BODY -> {
                    return Response.of(200, "application/octet-stream", new byte[0]);
                }
                case EMPTY_ZIP -> {
                    return Response.error(404, "Unable to find any files.");
                }
                case SESSION_EXPIRED -> {
                    endSessions.run();
                    return Response.error(401, "Session has expired.").with("WWW-Authenticate", "Basic realm=\"XNAT\"");
                }
                case LOGIN_PAGE -> {
                    endSessions.run();
                    return Response.loginPage();
                }
                case PASSWORD_EXPIRED -> {
                    return Response.error(
                            403, "Your password has expired. Please try again after changing your password.");
                }
                case LOCKED_OUT -> {
                    return Response.error(401, "Your account has been locked after too many failed logins.");
                }
                default -> {}
            }
        }
        return null;
    }

    private static Response proxyPage(int status) {
        String reason = Map.of(
                        500,
                        "Internal Server Error",
                        502,
                        "Bad Gateway",
                        503,
                        "Service Temporarily Unavailable",
                        504,
                        "Gateway Time-out",
                        429,
                        "Too Many Requests",
                        404,
                        "Not Found")
                .getOrDefault(status, "Error");
        return Response.html(
                status,
                "<html>\r\n<head><title>" + status + " " + reason + "</title></head>\r\n<body>\r\n<center><h1>" + status
                        + " " + reason + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n");
    }

    /** The real response with wrong cells, missing entries or a wrong byte. */
    Response inject(Response response) {
        Response result = response;
        if (result.body() instanceof Response.Rows rows) {
            result = result.withBody(new Response.Rows(inject(rows.table()), rows.format()));
        }
        if (result.body() instanceof Response.Archive archive) {
            result = result.withBody(new Response.Archive(inject(archive.download())));
        }
        FaultRule wrong = first(Fault.WRONG_BYTE);
        if (wrong != null && result.body() instanceof Response.FileBody file) {
            result = result.withBody(new Response.FileBody(file.contentType(), file.file(), wrong.bytes()));
        }
        return result;
    }

    private Table inject(Table table) {
        Table result = has(Fault.NO_TOTAL) ? table.withoutTotal() : table;
        for (FaultRule rule : rules) {
            if (rule.fault() == Fault.BLANK_COLUMN) {
                result = overwrite(result, rule.column(), "");
            }
            if (rule.fault() == Fault.WRONG_COLUMN) {
                result = overwrite(result, rule.column(), rule.value());
            }
        }
        return result;
    }

    private static Table overwrite(Table table, String column, String value) {
        return table.withRows(table.rows().stream()
                .map(row -> {
                    Map<String, String> changed = new HashMap<>(row);
                    changed.put(column, value);
                    return changed;
                })
                .toList());
    }

    private ArchiveDownload inject(ArchiveDownload download) {
        List<ArchiveDownload.Entry> entries = new ArrayList<>(download.entries());
        FaultRule missing = first(Fault.MISSING_ENTRIES);
        if (missing != null) {
            long drop = Math.max(1, missing.bytes());
            for (long i = 0; i < drop && !entries.isEmpty(); i++) {
                entries.remove(entries.size() - 1);
            }
        }
        FaultRule wrong = first(Fault.WRONG_BYTE);
        if (wrong != null && !entries.isEmpty()) {
            ArchiveDownload.Entry e = entries.get(0);
            entries.set(0, new ArchiveDownload.Entry(e.name(), e.source(), e.modified(), wrong.bytes()));
        }
        return download.withEntries(entries);
    }
}
