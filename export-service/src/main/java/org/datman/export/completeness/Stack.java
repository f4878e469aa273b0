package org.datman.export.completeness;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.datman.contracts.study.Part;
import org.datman.export.dicom.ImageHeader;
import org.datman.export.dicom.SlicePlane;

/**
 * The parallel slices of one echo and part of a series: the source of one image.
 *
 * @param slices in the order of the files
 */
record Stack(Key key, List<Slice> slices) {

    /** Key of a stack; the orientation is compared separately, because it is never exactly equal. */
    record Key(String series, int rows, int columns, long echoMicros, Part part) {}

    /** A slice, its file, and which frame of it, from 0. */
    record Slice(int file, int frame, ImageHeader header, SlicePlane plane) {}

    /** Cosines that differ by less are the same direction: headers are rounded, 0.06 degrees are turned. */
    private static final double SAME_COSINE = 1e-3;

    /** Slices closer than this are at the same position, mm. */
    private static final double SAME_PLACE_MM = 0.02;

    Stack {
        slices = List.copyOf(slices);
    }

    /**
     * Groups the slices of the files of a scan.
     *
     * @param combined whether its series become one image; otherwise each is a separate image, as in the converter
     */
    static List<Stack> of(List<ImageHeader> headers, boolean combined) {
        Map<Key, List<List<Slice>>> byKey = new HashMap<>();
        List<Map.Entry<Key, List<Slice>>> inOrder = new ArrayList<>();
        for (int file = 0; file < headers.size(); file++) {
            ImageHeader header = headers.get(file);
            // A series exported as classic and as enhanced images contains both, and each becomes a separate
            // image.
            String series = combined ? "" : header.series() + "|" + header.seriesNumber() + "|" + header.sopClass();
            for (int frame = 0; frame < header.planes().size(); frame++) {
                SlicePlane plane = header.planes().get(frame);
                Slice slice = new Slice(file, frame, header, plane);
                Key key = new Key(
                        series, header.rows(), header.columns(), Math.round(plane.echoTime() * 1000), plane.part());
                List<List<Slice>> directions = byKey.computeIfAbsent(key, k -> new ArrayList<>());
                Optional<List<Slice>> same = directions.stream()
                        .filter(slices -> parallel(slices.get(0).plane(), plane))
                        .findFirst();
                if (same.isPresent()) {
                    same.get().add(slice);
                } else {
                    List<Slice> begun = new ArrayList<>(List.of(slice));
                    directions.add(begun);
                    inOrder.add(Map.entry(key, begun));
                }
            }
        }
        return inOrder.stream()
                .map(entry -> new Stack(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static boolean parallel(SlicePlane a, SlicePlane b) {
        for (int i = 0; i < 6; i++) {
            if (Math.abs(a.orientation().get(i) - b.orientation().get(i)) > SAME_COSINE) {
                return false;
            }
        }
        return true;
    }

    /** Positions along the normal, ascending, mm. */
    List<Double> places() {
        List<Double> places = new ArrayList<>();
        slices.stream().map(slice -> slice.plane().location()).sorted().forEach(location -> {
            if (places.isEmpty() || location - places.get(places.size() - 1) > SAME_PLACE_MM) {
                places.add(location);
            }
        });
        return places;
    }

    /** Slices by the index of their position. */
    private TreeMap<Integer, List<Slice>> byPlace(List<Double> places) {
        TreeMap<Integer, List<Slice>> byPlace = new TreeMap<>();
        for (Slice slice : slices) {
            byPlace.computeIfAbsent(place(places, slice), p -> new ArrayList<>())
                    .add(slice);
        }
        return byPlace;
    }

    private static int place(List<Double> places, Slice slice) {
        double location = slice.plane().location();
        int best = 0;
        for (int i = 1; i < places.size(); i++) {
            if (Math.abs(places.get(i) - location) < Math.abs(places.get(best) - location)) {
                best = i;
            }
        }
        return best;
    }

    /** Number of slices missing between others: a gap of a multiple of the usual distance. */
    int holes(List<Double> places) {
        double usual = usualDistance(places);
        int holes = 0;
        for (int i = 1; i < places.size(); i++) {
            holes += Math.max(0, (int) Math.round((places.get(i) - places.get(i - 1)) / usual) - 1);
        }
        return holes;
    }

    /** The median distance of neighbours, mm; 1 when there is only one position. */
    static double usualDistance(List<Double> places) {
        List<Double> distances = new ArrayList<>();
        for (int i = 1; i < places.size(); i++) {
            distances.add(places.get(i) - places.get(i - 1));
        }
        distances.sort(Comparator.naturalOrder());
        return distances.isEmpty() ? 1 : distances.get(distances.size() / 2);
    }

    /** Count of the most frequent position: the number of volumes with at least one slice. */
    int volumes(List<Double> places) {
        return byPlace(places).values().stream().mapToInt(List::size).max().orElse(0);
    }

    /** Distinct time points; empty when the headers do not number them, or all have the same number. */
    Optional<Integer> timePoints() {
        Set<String> points = new HashSet<>();
        slices.forEach(slice -> points.add(slice.plane().timePoint()));
        return points.size() > 1 && !points.contains("") ? Optional.of(points.size()) : Optional.empty();
    }

    /**
     * The slices sorted into volumes, in order: by the first header element for which no volume contains a position
     * twice. Empty when there is none.
     */
    Optional<List<List<Slice>>> sorted(List<Double> places) {
        int volumes = volumes(places);
        int first = slices.stream()
                .flatMap(slice -> slice.header().findInstance().stream())
                .min(Comparator.naturalOrder())
                .orElse(1);
        List<Function<Slice, Optional<String>>> candidates = List.of(
                slice -> Optional.of(slice.plane().timePoint()).filter(point -> !point.isEmpty()),
                slice -> slice.header().findAcquisition().map(String::valueOf),
                slice -> Optional.of(slice.plane().diffusion()).filter(text -> !text.isEmpty()),
                slice -> slice.header().planes().size() > 1 ? Optional.of("file " + slice.file()) : Optional.empty(),
                slice -> slice.header().series().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                slice.header().series() + "|" + slice.header().seriesNumber()),
                slice -> slice.header().findInstance().map(i -> String.valueOf((i - first) / places.size())),
                slice -> slice.header().findInstance().map(i -> String.valueOf(Math.floorMod(i - first, volumes))));
        for (Function<Slice, Optional<String>> candidate : candidates) {
            Optional<List<List<Slice>>> sorted = sorted(places, volumes, candidate);
            if (sorted.isPresent()) {
                return sorted;
            }
        }
        return Optional.empty();
    }

    private Optional<List<List<Slice>>> sorted(
            List<Double> places, int volumes, Function<Slice, Optional<String>> candidate) {
        Map<String, Map<Integer, Slice>> byVolume =
                new TreeMap<>(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
        for (Slice slice : slices) {
            Optional<String> volume = candidate.apply(slice);
            if (volume.isEmpty()
                    || byVolume.computeIfAbsent(volume.get(), v -> new TreeMap<>())
                                    .put(place(places, slice), slice)
                            != null) {
                return Optional.empty();
            }
        }
        // More numbers than slices at any position: the element numbers something finer than volumes.
        return byVolume.size() == volumes
                ? Optional.of(byVolume.values().stream()
                        .map(volume -> List.copyOf(volume.values()))
                        .toList())
                : Optional.empty();
    }
}
