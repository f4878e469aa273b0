package org.datman.dashboard.web;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.datman.contracts.naming.PercentEncoding;

/** Addresses of the dashboard's pages, percent-encoded. */
public final class Links {

    /** The study in addresses of sessions that belong to none. */
    public static final String NO_STUDY = "-";

    private Links() {}

    /** The page of a session; {@code key} is {@code server/accession}. */
    public static String session(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? "/" : "/sessions/" + part(key.substring(0, slash)) + "/" + part(key.substring(slash + 1));
    }

    /** A series on the page of its session. */
    public static String series(String key, String scan) {
        return session(key) + "#" + seriesAnchor(scan);
    }

    /** The anchor of a series on the page of its session. */
    public static String seriesAnchor(String scan) {
        return "series-" + scan.replaceAll("[^A-Za-z0-9-]", "_");
    }

    /** The list of a study's sessions. */
    public static String study(String study) {
        return "/studies/" + (study.isEmpty() ? NO_STUDY : part(study));
    }

    /** The pipelines of a study. */
    public static String pipelines(String study) {
        return study(study) + "/pipelines";
    }

    /** The log of a run, while it runs; {@code key} is {@code server/accession}. */
    public static String log(String key, String pipeline) {
        return session(key) + "/log?pipeline=" + part(pipeline);
    }

    /** A number that a pipeline's tool computes, over time. */
    public static String measure(String study, String tag, String key) {
        return "/metrics?study=" + part(study) + "&tag=" + part(tag) + "&key=" + part(key);
    }

    /** A file of the archive. With its digest, browsers may cache it forever. */
    public static String file(String path, String sha256) {
        String encoded = Arrays.stream(path.split("/")).map(Links::part).collect(Collectors.joining("/"));
        return "/files/" + encoded + (sha256.isEmpty() ? "" : "?sha256=" + part(sha256));
    }

    /** One part of a path or query, percent-encoded. */
    public static String part(String text) {
        return PercentEncoding.encode(text);
    }
}
