package org.datman.ingest.listing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.xnat.XnatListed;

/**
 * The difference between a complete listing of a project and the last one. Pure.
 *
 * @param fresh sessions that were not listed before, or changed
 * @param missing accessions that were listed before and are not now
 */
public record ListingDiff(List<XnatListed> fresh, Set<String> missing) {

    /** @param before signature by accession */
    static ListingDiff of(Map<String, String> before, List<XnatListed> now) {
        List<XnatListed> fresh = new ArrayList<>();
        Set<String> missing = new HashSet<>(before.keySet());
        for (XnatListed listed : now) {
            missing.remove(listed.accession());
            if (!signature(listed).equals(before.get(listed.accession()))) {
                fresh.add(listed);
            }
        }
        return new ListingDiff(fresh, missing);
    }

    static String signature(XnatListed listed) {
        String signature = String.join(
                "|",
                listed.project(),
                listed.label(),
                listed.subjectLabel(),
                listed.xsiType(),
                listed.findDate().map(Object::toString).orElse(""),
                listed.findLastModified().map(Object::toString).orElse(""));
        return listed.state().isEmpty() ? signature : signature + "|" + listed.state();
    }
}
