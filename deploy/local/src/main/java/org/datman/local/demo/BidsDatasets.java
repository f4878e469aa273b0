package org.datman.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.validation.BidsValidator;
import org.datman.bids.validation.Finding;
import org.datman.bids.validation.FindingSeverity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.contracts.study.TagRule;

/**
 * The BIDS datasets of the archive after a demo: each exported image whose tag has {@code Bids} is in one or left out with a reason, and none
 * has an error.
 *
 * @param waiting images that are neither in a dataset nor left out
 * @param placed number of images by dataset, as {@code DEMO/bids}
 * @param leftOut images by the code of their reason, those without {@code Bids} in the study file included
 * @param errors of the validator, by dataset
 */
record BidsDatasets(
        List<String> waiting,
        Map<String, Integer> placed,
        Map<String, List<String>> leftOut,
        Map<String, List<String>> errors) {

    private static final List<String> NAMES = List.of("bids", "bids-phantoms");

    /**
     * Looks up each exported image in the provenance of the datasets.
     *
     * @param validate whether the datasets are validated, too
     */
    static BidsDatasets of(Path archive, StudyConfigurations studies, SessionHistories histories, boolean validate)
            throws IOException {
        Map<String, Integer> placed = new TreeMap<>();
        Map<String, String> digests = new HashMap<>();
        Map<String, String> reasons = new TreeMap<>();
        Map<String, List<String>> errors = new TreeMap<>();
        for (String study : studies.valid().keySet()) {
            for (String name : NAMES) {
                Path dataset = archive.resolve(study).resolve(name);
                if (Files.isDirectory(dataset.resolve("logs"))) {
                    placed.put(study + "/" + name, read(dataset.resolve("logs"), digests, reasons));
                    if (validate) {
                        errors.put(study + "/" + name, errors(dataset.resolve("rawbids")));
                    }
                }
            }
        }
        List<String> waiting = new ArrayList<>();
        Map<String, List<String>> leftOut = new TreeMap<>();
        for (SessionHistory session : histories.sessions()) {
            // A deleted session leaves its dataset, and an export under an earlier name is followed by one under the
            // new name.
            Optional<String> name = session.discovered
                    .filter(discovered -> discovered.status() != SessionDiscovered.Status.DELETED)
                    .flatMap(SessionDiscovered::name);
            for (SeriesHistory series : session.series.values()) {
                for (SeriesExported export :
                        series
                                .exported
                                .filter(exported -> name.filter(exported.sessionName()::equals)
                                        .isPresent())
                                .stream()
                                .toList()) {
                    for (SeriesExported.Product product : export.products()) {
                        judge(studies, export, product, digests, reasons, waiting, leftOut);
                    }
                }
            }
        }
        return new BidsDatasets(waiting, placed, leftOut, errors);
    }

    private static void judge(
            StudyConfigurations studies,
            SeriesExported export,
            SeriesExported.Product product,
            Map<String, String> digests,
            Map<String, String> reasons,
            List<String> waiting,
            Map<String, List<String>> leftOut) {
        boolean isIn = product.file(FileRole.NIFTI)
                .filter(file -> file.sha256().equals(digests.get(file.path())))
                .isPresent();
        boolean hasRule = studies.study(export.study())
                .flatMap(study -> study.tag(export.site(), product.tag()))
                .flatMap(TagRule::findBids)
                .isPresent();
        String reason = reasons.get(product.stem());
        if (reason != null || !hasRule) {
            leftOut.computeIfAbsent(reason == null ? "no-bids-rule" : reason, code -> new ArrayList<>())
                    .add(product.stem());
        } else if (!isIn) {
            waiting.add(product.stem());
        }
    }

    private static int read(Path logs, Map<String, String> digests, Map<String, String> reasons) throws IOException {
        int images = 0;
        try (Stream<Path> all = Files.list(logs)) {
            for (Path file :
                    all.filter(each -> each.toString().endsWith(".json")).toList()) {
                JsonNode log = EventJson.mapper().readTree(file.toFile());
                for (JsonNode image : log.path("images")) {
                    images++;
                    image.path("sources")
                            .properties()
                            .forEach(source -> digests.put(
                                    source.getKey(), source.getValue().asText()));
                }
                for (JsonNode image : log.path("leftOut")) {
                    reasons.put(image.path("image").asText(), image.path("code").asText());
                }
            }
        }
        return images;
    }

    /** The errors of a raw dataset, one line each. */
    static List<String> errors(Path raw) throws IOException {
        return new BidsValidator(raw, BidsSchema.bundled(), true)
                .validate().findings().stream()
                        .filter(finding -> finding.severity() == FindingSeverity.ERROR)
                        .map(BidsDatasets::text)
                        .toList();
    }

    private static String text(Finding finding) {
        return finding.code() + " " + finding.location() + ": "
                + finding.message().strip();
    }

    boolean isGood() {
        return waiting.isEmpty() && errors.values().stream().allMatch(List::isEmpty);
    }

    /** What is in the datasets, one line for each fact. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        placed.forEach((dataset, images) -> {
            List<String> found = errors.getOrDefault(dataset, List.of());
            lines.add(dataset + ": " + images + " images, " + found.size() + " errors");
            found.forEach(error -> lines.add("  " + error));
        });
        leftOut.forEach((code, stems) -> lines.add("left out, " + code + ": " + stems.size() + " images"
                + Optional.of(stems)
                        .filter(each -> !code.equals("no-bids-rule"))
                        .map(each -> " (" + String.join(", ", each) + ")")
                        .orElse("")));
        waiting.forEach(stem -> lines.add("NOT PLACED " + stem));
        return lines;
    }
}
