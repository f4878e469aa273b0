package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.imaging.nifti.NiftiHeader;

/**
 * Completes a sidecar where BIDS wants more, or other units, than the converter wrote. Only what follows from the image, its sidecar or the study
 * file is written; each change is a sentence of the provenance.
 */
final class SidecarRepairs {

    /** The longest that a sidecar can mean in seconds; what is longer is in milliseconds. A TE of 1 s or a TR of 100 s does not occur. */
    private static final Map<String, Double> LONGEST_SECONDS = Map.of(
            "EchoTime", 1.0, "EchoTime1", 1.0, "EchoTime2", 1.0, "RepetitionTime", 100.0, "InversionTime", 100.0);

    private static final double MILLISECONDS = 1000;

    /** Values of a file of rules are rounded. */
    private static final double SAME = 1e-3;

    private static final String PAIRS = "TotalAcquiredPairs";
    private static final String DIRECTION = "PhaseEncodingDirection";
    private static final String READOUT = "TotalReadoutTime";
    private static final String REPETITION = "RepetitionTime";
    private static final String TIMING = "SliceTiming";

    private final BidsImage image;
    private final BidsPath path;
    private final ObjectNode sidecar;
    private final List<String> made = new ArrayList<>();
    private final List<String> contradictions = new ArrayList<>();

    private SidecarRepairs(BidsImage image, BidsPath path) {
        this.image = image;
        this.path = path;
        this.sidecar = image.sidecar().deepCopy();
    }

    /** A repaired sidecar, what was changed, and where the study file and the header contradict each other. */
    record Repaired(ObjectNode sidecar, List<String> changes, List<String> contradictions) {}

    static Repaired of(BidsImage image, BidsPath path) {
        SidecarRepairs repairs = new SidecarRepairs(image, path);
        repairs.units();
        repairs.metadata();
        repairs.repetitionTime();
        repairs.sliceTiming();
        repairs.direction();
        repairs.readoutTime();
        repairs.task();
        repairs.phaseUnits();
        repairs.acquiredPairs();
        return new Repaired(repairs.sidecar, List.copyOf(repairs.made), List.copyOf(repairs.contradictions));
    }

    /** What the study file gives. The header has precedence: a value of a file of rules is true of the protocol, not of what was acquired. */
    private void metadata() {
        new TreeMap<>(image.rule().metadata()).forEach((field, value) -> {
            JsonNode found = sidecar.path(field);
            if (found.isMissingNode()) {
                sidecar.set(field, value);
                made.add(field + " is " + value + ", from Metadata of the study file");
            } else if (!isSame(found, value)) {
                contradictions.add(field + " is " + found + " in the header and " + value + " in Metadata of tag "
                        + image.tag() + " in the study file");
            }
        });
    }

    private static boolean isSame(JsonNode found, JsonNode value) {
        if (found.isNumber() && value.isNumber()) {
            double difference = Math.abs(found.doubleValue() - value.doubleValue());
            return difference <= SAME * Math.max(Math.abs(found.doubleValue()), Math.abs(value.doubleValue()));
        }
        if (!found.isArray() || !value.isArray() || found.size() != value.size()) {
            return found.equals(value);
        }
        for (int i = 0; i < found.size(); i++) {
            if (!isSame(found.get(i), value.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Labels and controls are acquired in pairs. */
    private void acquiredPairs() {
        long labels = image.rule().volumeTypes(image.volumes()).stream()
                .flatMap(List::stream)
                .filter(type -> type.equals("label"))
                .count();
        if (labels > 0 && !sidecar.has(PAIRS)) {
            sidecar.put(PAIRS, labels);
            made.add(PAIRS + " is the number of label volumes by AslContext of the study file");
        }
    }

    private void units() {
        LONGEST_SECONDS.forEach((field, longest) -> number(field)
                .filter(value -> value > longest)
                .ifPresent(value -> {
                    sidecar.put(field, value / MILLISECONDS);
                    made.add(field + " is in seconds; it was " + value + " ms");
                }));
    }

    /** BIDS requires it of functional series; the NIfTI header has it too. */
    private void repetitionTime() {
        NiftiHeader header = image.header();
        if (path.suffix().equals("bold")
                && !sidecar.has(REPETITION)
                && !sidecar.has("VolumeTiming")
                && header != null
                && header.repetitionTimeSeconds() > 0) {
            sidecar.put(REPETITION, header.repetitionTimeSeconds());
            made.add("RepetitionTime is that of the NIfTI header");
        }
    }

    /** Times in milliseconds are converted; times that do not lie within the repetition are none. Slices of other images may take many repetitions each. */
    private void sliceTiming() {
        Optional<Double> repetition = number(REPETITION);
        if (!path.suffix().equals("bold") || !sidecar.path(TIMING).isArray() || repetition.isEmpty()) {
            return;
        }
        double latest = 0;
        for (int i = 0; i < sidecar.path(TIMING).size(); i++) {
            latest = Math.max(latest, sidecar.path(TIMING).path(i).asDouble());
        }
        if (latest <= repetition.get()) {
            return;
        }
        if (latest / MILLISECONDS <= repetition.get() && latest > repetition.get() * MILLISECONDS / 2) {
            JsonNode milliseconds = sidecar.path(TIMING);
            ArrayNode seconds = sidecar.putArray(TIMING);
            milliseconds.forEach(time -> seconds.add(time.asDouble() / MILLISECONDS));
            made.add("SliceTiming is in seconds; it was in milliseconds");
        } else {
            sidecar.remove(TIMING);
            made.add("SliceTiming is left out: its latest time, " + latest + " s, is after the repetition time of "
                    + repetition.get() + " s");
        }
    }

    /**
     * The polarity, where the converter knows the axis only and the study file names the direction. In the NIfTI the axis points towards one
     * side of the head; {@code dir-AP} runs from front to back, so that it is {@code j-} where j points to the front.
     */
    private void direction() {
        NiftiHeader header = image.header();
        String label = path.entities().getOrDefault("dir", "");
        String axis = sidecar.path("PhaseEncodingAxis").asText("");
        boolean hasOrientation =
                header != null && (header.sform().code() > 0 || header.qform().code() > 0);
        if (sidecar.has(DIRECTION) || header == null || !hasOrientation || axis.length() != 1) {
            return;
        }
        polarity(label, axis.charAt(0) - 'i', header.affine()).ifPresent(sign -> {
            sidecar.put(DIRECTION, axis + sign);
            made.add("PhaseEncodingDirection is " + axis + sign
                    + ": the axis is the converter's, the polarity follows from dir-" + label + " of the study file");
        });
    }

    private static Optional<String> polarity(String label, int column, double[][] affine) {
        int world =
                List.of("LR", "RL").contains(label) ? 0 : List.of("PA", "AP").contains(label) ? 1 : 2;
        boolean known = List.of("LR", "RL", "PA", "AP", "IS", "SI").contains(label) && column >= 0 && column < 3;
        if (!known || largest(affine, column) != world) {
            return Optional.empty();
        }
        // RAS: the world's axes point to the right, the front and the top.
        boolean towardsPositive = List.of("LR", "PA", "IS").contains(label);
        return Optional.of((affine[world][column] > 0) == towardsPositive ? "" : "-");
    }

    /** Row of the largest element of a column: the world axis that a voxel axis runs along. */
    private static int largest(double[][] affine, int column) {
        int largest = 0;
        for (int row = 1; row < 3; row++) {
            if (Math.abs(affine[row][column]) > Math.abs(affine[largest][column])) {
                largest = row;
            }
        }
        return largest;
    }

    /** As BIDS defines it: effective echo spacing times one less than the lines of the reconstructed image along phase encoding. */
    private void readoutTime() {
        if (sidecar.has(READOUT) || !List.of("func", "dwi", "fmap", "perf").contains(path.datatype())) {
            return;
        }
        Optional<Double> estimated = number("EstimatedTotalReadoutTime");
        Optional<Double> spacing = number("EffectiveEchoSpacing").or(() -> number("EstimatedEffectiveEchoSpacing"));
        Optional<Double> lines = number("ReconMatrixPE");
        if (estimated.isPresent()) {
            sidecar.put(READOUT, estimated.get());
            made.add("TotalReadoutTime is EstimatedTotalReadoutTime of the converter");
        } else if (spacing.isPresent() && lines.filter(count -> count > 2).isPresent()) {
            sidecar.put(READOUT, spacing.get() * (lines.get() - 1));
            made.add("TotalReadoutTime is the effective echo spacing times ReconMatrixPE - 1");
        }
    }

    private void task() {
        String task = path.entities().get("task");
        if (task != null && !sidecar.has("TaskName")) {
            sidecar.put("TaskName", task);
            made.add("TaskName is Task of the study file");
        }
    }

    /** Scanners store phase as whole numbers of their own scale. */
    private void phaseUnits() {
        boolean phase =
                "phase".equals(path.entities().get("part")) || path.suffix().equals("phase");
        if (phase && !sidecar.path("Units").asText("").equals("rad")) {
            sidecar.put("Units", "arbitrary");
            made.add("Units is arbitrary: the phase is in the scanner's own scale");
        }
    }

    private Optional<Double> number(String field) {
        double value = sidecar.path(field).asDouble(0);
        return sidecar.path(field).isNumber() && value > 0 ? Optional.of(value) : Optional.empty();
    }
}
