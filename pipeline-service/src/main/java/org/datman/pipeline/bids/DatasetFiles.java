package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.datman.contracts.event.EventJson;

/**
 * The files above the sessions: descriptions, tables, and what a BIDS App may use. Pure: path to content, relative to the dataset of the study.
 *
 * @param study code of the study
 * @param phantoms whether it is the dataset of phantoms
 * @param version of DATMAN
 */
record DatasetFiles(String study, boolean phantoms, String version) {

    static final String RAW = "rawbids";
    static final String QC = "derivatives/datman-qc";
    private static final String BIDS_VERSION = "1.11.1";

    /** Those of which no session is part, by path. */
    Map<String, String> fixed() {
        String name = phantoms ? study + ", phantoms" : study;
        Map<String, String> files = new TreeMap<>();
        files.put("dataset_description.json", description(name, "study"));
        files.put("README.md", """
                # %s

                A BIDS study dataset, written by DATMAN after every session.

                - `rawbids/` is the raw dataset. A session appears in it as a whole, once it is valid. `scans.tsv` has the verdicts of quality control.
                - `rawbids/code/passed/` lists the participants whose sessions were signed off, each with a filter file for BIDS Apps.
                - `derivatives/datman-qc/` has the numbers of quality control by image.
                - `logs/` has the provenance of each session: its sources, what was changed in sidecars, and which images are left out and why.
                - `sourcedata/` names the folders of which this is made.

                DATMAN replaces its own files. Files of other names that you add to a session stay where they are; what you edit of DATMAN's is moved to
                `sourcedata/removed` when DATMAN writes it. Images are read-only hard links to the archive.
                """.formatted(name));
        // The standard knows other names only. Without a slash: with one, the official validator ignores what is in the
        // folder and not itself.
        files.put(".bidsignore", RAW + "\n");
        files.put("sourcedata/README.md", """
                # Sources

                The archive of DATMAN, seen from here: DICOM in `../../dcm`, converted images in `../../nii`, associated files in `../../resources`,
                reports of quality control in `../../qc`, provenance in `../../provenance`.
                """);
        files.put(RAW + "/dataset_description.json", description(name, "raw"));
        files.put(RAW + "/README.md", """
                # %s

                The raw dataset of the study, converted from DICOM and written by DATMAN. Subjects are site and participant, sessions are visits;
                a repeated visit has its number behind an r. The columns of the scans tables are described in scans.json.
                """.formatted(name));
        // Provenance files are of the version that comes after BIDS 1.11. Without a slash, as above.
        files.put(RAW + "/.bidsignore", "prov\n");
        files.put(RAW + "/scans.json", ScansTable.describe());
        files.put(RAW + "/sessions.json", sessionsJson());
        files.put(RAW + "/participants.json", participantsJson());
        files.put(QC + "/dataset_description.json", description(name + ", quality control", "derivative"));
        files.put(QC + "/README.md", """
                # Quality control of %s

                One JSON file for each image of the raw dataset, under the name of the image: verdict, reasons, decision of a person, and all metrics
                with unit, version and meaning. The standard has no suffix for quality control yet, so that .bidsignore lists it.
                """.formatted(name));
        files.put(QC + "/.bidsignore", "*_qc.json\n");
        return files;
    }

    /** The tables of participants and sessions, and the lists of what passed; of all sessions in the dataset. */
    Map<String, String> tables(List<BidsSummary> sessions) {
        Map<String, String> files = new TreeMap<>();
        Map<String, List<BidsSummary>> bySubject = sessions.stream()
                .sorted(Comparator.comparing(BidsSummary::session))
                .collect(Collectors.groupingBy(BidsSummary::subject, TreeMap::new, Collectors.toList()));
        StringBuilder participants = new StringBuilder("participant_id\tsite\n");
        StringBuilder passed = new StringBuilder("participant_id\tsessions\n");
        bySubject.forEach((subject, own) -> {
            participants.append(subject).append('\t').append(own.get(0).site()).append('\n');
            files.put(RAW + "/" + subject + "/" + subject + "_sessions.tsv", sessionsTable(own));
            Optional<ObjectNode> filter = PassedFilter.of(own);
            filter.ifPresent(node -> {
                files.put(RAW + "/code/passed/" + subject + "_filter.json", BidsPlanner.json(node));
                List<String> labels = new ArrayList<>();
                node.path("t1w").path("session").forEach(label -> labels.add(label.asText()));
                passed.append(subject)
                        .append('\t')
                        .append(String.join(",", labels))
                        .append('\n');
            });
        });
        files.put(RAW + "/participants.tsv", participants.toString());
        files.put(RAW + "/code/passed/participants_passed.tsv", passed.toString());
        return files;
    }

    private static String sessionsTable(List<BidsSummary> sessions) {
        StringBuilder table = new StringBuilder("session_id\tacq_time\tqc_signed_off\n");
        sessions.forEach(session -> table.append(session.session())
                .append('\t')
                .append(session.acquired().orElse("n/a"))
                .append('\t')
                .append(session.signedOff() ? "yes" : "no")
                .append('\n'));
        return table.toString();
    }

    private String description(String name, String type) {
        ObjectNode root = EventJson.mapper().createObjectNode();
        root.put("Name", name);
        root.put("BIDSVersion", BIDS_VERSION);
        root.put("DatasetType", type);
        ArrayNode generated = root.putArray("GeneratedBy");
        ObjectNode datman = generated.addObject();
        datman.put("Name", "DATMAN");
        datman.put("Version", version);
        if (type.equals("derivative")) {
            root.putObject("DatasetLinks").put("raw", "../../" + RAW);
        }
        return BidsPlanner.json(root);
    }

    private static String participantsJson() {
        ObjectNode root = EventJson.mapper().createObjectNode();
        root.putObject("site").put("Description", "Code of the site that scanned the participant");
        return BidsPlanner.json(root);
    }

    /** What describes the tables of sessions: a column that is not of the standard. */
    private static String sessionsJson() {
        ObjectNode root = EventJson.mapper().createObjectNode();
        ObjectNode column = root.putObject("qc_signed_off");
        column.put("Description", "Whether a person signed the whole session off with these images");
        column.putObject("Levels").put("yes", "signed off").put("no", "not signed off, or changed since");
        return BidsPlanner.json(root);
    }
}
