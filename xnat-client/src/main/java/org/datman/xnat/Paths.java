package org.datman.xnat;

import org.datman.contracts.naming.PercentEncoding;

/** Builds XNAT paths from raw parts; what comes from a label cannot leave its segment. */
final class Paths {

    private Paths() {}

    static String session(String accession) {
        return "/data/experiments/" + segment(accession);
    }

    static String resource(ResourceRef ref) {
        return owner(ref) + "/resources/" + segment(ref.id());
    }

    static String files(ResourceRef ref) {
        return resource(ref) + "/files";
    }

    private static String owner(ResourceRef ref) {
        return switch (ref.level()) {
            case PROJECT -> project(ref.owner());
            case SUBJECT -> subject(ref.owner());
            case SESSION -> session(ref.owner());
            case SCAN ->
                session(ref.owner())
                        + "/scans/"
                        + segment(scanSelector(ref.findScan().orElse("")));
        };
    }

    static String subject(String accession) {
        return "/data/subjects/" + segment(accession);
    }

    static String project(String id) {
        return "/data/projects/" + segment(id);
    }

    static String file(ResourceRef ref, String path) {
        StringBuilder built = new StringBuilder(files(ref));
        for (String part : path.split("/", -1)) {
            built.append('/').append(segment(part));
        }
        return built.toString();
    }

    /** XNAT reads a comma as "and" and a slash as the end, so it has escapes for both. */
    private static String scanSelector(String scan) {
        return scan.replace("/", "[SLASH]").replace(",", "[COMMA]");
    }

    /** One segment of a path, percent-encoded. */
    static String segment(String raw) {
        if (raw.isEmpty() || raw.equals(".") || raw.equals("..")) {
            throw new XnatProtocol("'" + raw + "' is not a valid name on XNAT; it was rejected as part of a path");
        }
        return PercentEncoding.encode(raw);
    }
}
