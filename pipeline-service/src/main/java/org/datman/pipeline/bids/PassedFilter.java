package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.event.EventJson;

/**
 * What a BIDS App may use of a participant, as the file that fMRIPrep and others read with {@code --bids-filter-file}: signed-off sessions, and in them
 * the images that passed. A filter can only list values of entities, so that it cannot always name one run of one session; a session of
 * which it would let a failed image through is left out as a whole.
 */
final class PassedFilter {

    /** The queries of BIDS Apps, and what they ask for. */
    private static final Map<String, List<String>> QUERIES = queries();

    /** Short name of an entity to the name that filters have. */
    private static final Map<String, String> NAMES = Map.of(
            "task", "task",
            "acq", "acquisition",
            "ce", "ceagent",
            "rec", "reconstruction",
            "dir", "direction",
            "run", "run",
            "echo", "echo",
            "part", "part");

    private PassedFilter() {}

    private record Candidate(String session, BidsSummary.Scan scan) {}

    /**
     * The filter of a participant.
     *
     * @param sessions all sessions of the participant
     * @return empty when no session may be used
     */
    static Optional<ObjectNode> of(List<BidsSummary> sessions) {
        Set<String> usable = new TreeSet<>();
        sessions.stream()
                .filter(session ->
                        session.signedOff() && session.scans().stream().anyMatch(BidsSummary.Scan::passed))
                .forEach(session -> usable.add(session.session()));
        while (!usable.isEmpty()) {
            ObjectNode filter = EventJson.mapper().createObjectNode();
            Set<String> wrong = new TreeSet<>();
            QUERIES.forEach((query, of) -> wrong.addAll(add(filter, query, of, usable, sessions)));
            if (wrong.isEmpty()) {
                return Optional.of(filter);
            }
            usable.removeAll(wrong);
        }
        return Optional.empty();
    }

    /** Adds a query; returns the sessions of which it would let a failed image through. */
    private static Set<String> add(
            ObjectNode filter, String query, List<String> of, Set<String> usable, List<BidsSummary> sessions) {
        List<Candidate> all = new ArrayList<>();
        for (BidsSummary session : sessions) {
            if (usable.contains(session.session())) {
                session.scans().stream()
                        .filter(scan -> scan.datatype().equals(of.get(0))
                                && (of.size() == 1 || scan.suffix().equals(of.get(1))))
                        .forEach(scan -> all.add(new Candidate(session.session(), scan)));
            }
        }
        List<Candidate> passed =
                all.stream().filter(each -> each.scan().passed()).toList();
        List<Candidate> failed =
                all.stream().filter(each -> !each.scan().passed()).toList();
        Map<String, Set<String>> values = new LinkedHashMap<>();
        if (!failed.isEmpty()) {
            for (String entity : BidsPath.ORDER) {
                if (!passed.isEmpty()
                        && passed.stream()
                                .allMatch(each -> each.scan().entities().containsKey(entity))) {
                    passed.forEach(each -> values.computeIfAbsent(entity, any -> new TreeSet<>())
                            .add(String.valueOf(each.scan().entities().get(entity))));
                }
            }
        }
        Set<String> wrong = new LinkedHashSet<>();
        failed.stream()
                .filter(each -> values.entrySet().stream().allMatch(listed -> listed.getValue()
                        .contains(each.scan().entities().getOrDefault(listed.getKey(), ""))))
                .forEach(each -> wrong.add(each.session()));
        ObjectNode node = filter.putObject(query);
        node.put("datatype", of.get(0));
        if (of.size() > 1) {
            node.put("suffix", of.get(1));
        }
        ArrayNode labels = node.putArray("session");
        usable.forEach(session -> labels.add(session.substring("ses-".length())));
        values.forEach((entity, listed) -> {
            ArrayNode array = node.putArray(NAMES.getOrDefault(entity, entity));
            listed.forEach(value -> {
                if (entity.equals("run") || entity.equals("echo")) {
                    array.add(Integer.parseInt(value));
                } else {
                    array.add(value);
                }
            });
        });
        return wrong;
    }

    private static Map<String, List<String>> queries() {
        Map<String, List<String>> queries = new TreeMap<>();
        queries.put("t1w", List.of("anat", "T1w"));
        queries.put("t2w", List.of("anat", "T2w"));
        queries.put("flair", List.of("anat", "FLAIR"));
        queries.put("bold", List.of("func", "bold"));
        queries.put("sbref", List.of("func", "sbref"));
        queries.put("dwi", List.of("dwi", "dwi"));
        queries.put("asl", List.of("perf", "asl"));
        queries.put("fmap", List.of("fmap"));
        return queries;
    }
}
