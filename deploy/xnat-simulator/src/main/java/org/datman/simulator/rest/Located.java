package org.datman.simulator.rest;

import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.jspecify.annotations.Nullable;

/**
 * A resource with its owner.
 *
 * @param session null for resources of subjects and projects
 * @param scan null for resources that are not of a scan
 * @param root first folder of a zip: the session's archive folder, the subject's label or the project
 * @param base path of the owner in URIs of files, without {@code /resources}
 */
record Located(@Nullable Session session, @Nullable Scan scan, Resource resource, String root, String base) {

    /** URI of the resource by its number. */
    String uri() {
        return base + "/resources/" + resource.id();
    }

    /** The same with the true number and size of its files. */
    Located counted() {
        return new Located(session, scan, resource.withReported(null, null), root, base);
    }

    String category() {
        return scan != null ? "scans" : "resources";
    }
}
