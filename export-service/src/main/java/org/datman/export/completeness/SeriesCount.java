package org.datman.export.completeness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.Reason;
import org.datman.contracts.provenance.SeriesCompleteness;
import org.datman.export.completeness.Stack.Slice;
import org.datman.export.dicom.ImageHeader;
import org.datman.export.dicom.ImageHeader.Stated;
import org.jspecify.annotations.Nullable;

/**
 * Counts the images of a series by their headers before they are converted: the converter does not report a missing last
 * slice or a missing volume, and converts nothing of a run with one broken volume. Pure.
 *
 * @param completeness expected and received content
 * @param brokenVolumes files (by index) of incomplete volumes, if the complete ones can be converted without them
 * @param brokenFrames frames, from 0, of incomplete volumes in files (by index) that hold complete ones, too
 * @param shapes slices and volumes of the images formed by the complete volumes, one per stack or kind of mosaic; empty
 *     where the headers do not state it
 */
public record SeriesCount(
        SeriesCompleteness completeness,
        Set<Integer> brokenVolumes,
        Map<Integer, Set<Integer>> brokenFrames,
        List<Shape> shapes) {

    /**
     * Size and the outermost voxel centres of one image.
     *
     * @param computed number of its volumes that the scanner computed from the others, such as a trace; 0 also where the headers do not
     *     state it
     */
    public record Shape(int rows, int columns, int slices, int volumes, int computed, List<List<Double>> corners) {

        /** Voxels of all volumes. */
        public long voxels() {
            return (long) rows * columns * slices * volumes;
        }
    }

    private static final String SEND_AGAIN =
            "Check whether the scanner or PACS has more of the series and send it again; if the scan was stopped, this is all there is";

    /** Rotation caused by head-following sequences; the planes of a localizer differ more. Cosine of 5 degrees. */
    private static final double SAME_DIRECTION = 0.9962;

    private static final int NAMED = 5;

    private static final Comparator<Stated> BY_COUNT = Comparator.comparingInt(Stated::count);

    /** ImageType values of volumes computed from the other volumes of a diffusion series. */
    private static final Set<String> COMPUTED = Set.of("ADC", "TRACEW", "FA");

    /**
     * Counts.
     *
     * @param headers of all images, without copies
     * @param combined whether they are from several series that the study combines
     */
    public static SeriesCount of(List<ImageHeader> headers, boolean combined) {
        return of(headers, combined, List.of());
    }

    /**
     * As above.
     *
     * @param withheld InstanceNumbers of images that arrived and are not counted, null where one has none: they are not missing
     */
    public static SeriesCount of(List<ImageHeader> headers, boolean combined, Collection<@Nullable Integer> withheld) {
        return new Counting(headers, combined, withheld).result();
    }

    /** State of one count. */
    private static final class Counting {

        private final List<ImageHeader> headers;
        private final boolean combined;
        private final Collection<@Nullable Integer> withheld;
        private final Set<String> basis = new LinkedHashSet<>();
        private final List<Reason> losses = new ArrayList<>();
        private final List<Reason> notes = new ArrayList<>();
        private final Set<Integer> broken = new TreeSet<>();
        private final Map<Integer, Set<Integer>> brokenFrames = new TreeMap<>();
        private final Optional<Stated> temporalPositions;
        private final boolean derived;
        private int promisedImages;
        private int imagesArrived;
        private int promisedVolumes;
        private int volumesArrived;
        private int volumesComplete;

        /** Complete volumes of the echo that has the fewest, by series, part and size. */
        private final Map<String, Integer> completeOfAllEchoes = new HashMap<>();

        Counting(List<ImageHeader> headers, boolean combined, Collection<@Nullable Integer> withheld) {
            this.withheld = withheld;
            this.headers = headers;
            this.combined = combined;
            this.derived = headers.stream().anyMatch(ImageHeader::derived);
            // A scanner that splits a run into one series per volume keeps the number of the whole run in each.
            boolean split =
                    !combined && headers.stream().anyMatch(h -> h.imageType().contains("MFSPLIT"));
            this.temporalPositions =
                    derived || split ? Optional.empty() : usual(headers, ImageHeader::findTemporalPositions, BY_COUNT);
        }

        SeriesCount result() {
            List<ImageHeader> flat = headers.stream().filter(h -> !h.mosaic()).toList();
            List<Stack> stacks = Stack.of(headers, combined);
            boolean placed = flat.stream().noneMatch(h -> h.planes().isEmpty());
            frames();
            exams();
            List<Shape> shapes = new ArrayList<>(placed ? stacks(stacks) : List.of());
            shapes.addAll(mosaics());
            echoes(stacks);
            fellApart(stacks);
            imagesInAcquisition(stacks, placed);
            instances();
            repetitions();
            if (!basis.isEmpty() && promisedVolumes < volumesArrived) {
                promisedVolumes = volumesArrived;
            }
            SeriesCompleteness completeness = new SeriesCompleteness(
                    basis.isEmpty() ? Optional.empty() : Optional.of(Math.max(promisedImages, imagesArrived)),
                    imagesArrived,
                    basis.isEmpty() ? Optional.empty() : Optional.of(promisedVolumes),
                    volumesArrived,
                    volumesComplete,
                    List.copyOf(basis),
                    losses,
                    notes);
            return new SeriesCount(completeness, Set.copyOf(broken), Map.copyOf(brokenFrames), shapes);
        }

        private void frames() {
            List<ImageHeader> wrong = headers.stream()
                    .filter(h -> h.numberOfFrames() > 1
                            && !h.planes().isEmpty()
                            && h.planes().size() != h.numberOfFrames())
                    .toList();
            if (!wrong.isEmpty()) {
                losses.add(new Reason(
                        "frames-missing",
                        wrong.size() + " multi-frame files describe another number of frames than NumberOfFrames: "
                                + wrong.get(0).planes().size() + " of "
                                + wrong.get(0).numberOfFrames() + " in the first",
                        SEND_AGAIN));
            }
        }

        private void exams() {
            long exams = headers.stream().map(ImageHeader::study).distinct().count();
            if (exams > 1) {
                losses.add(new Reason(
                        "several-exams",
                        "The images are of " + exams + " exams (StudyInstanceUID)",
                        "Archive each exam as a session of its own"));
            }
            List<String> numbers = headers.stream()
                    .map(ImageHeader::seriesNumber)
                    .filter(number -> !number.isEmpty())
                    .distinct()
                    .sorted()
                    .toList();
            long uids = headers.stream()
                    .map(ImageHeader::series)
                    .filter(uid -> !uid.isEmpty())
                    .distinct()
                    .count();
            if (!combined && numbers.size() < 2 && uids > 1) {
                notes.add(new Reason(
                        "several-series",
                        "The scan contains the images of " + uids
                                + " series (SeriesInstanceUID) with one SeriesNumber, all kept"
                                + " under this one's name",
                        "If they are different series, archive each as a scan of its own"));
            }
            if (!combined && numbers.size() > 1) {
                notes.add(new Reason(
                        "several-series",
                        "The scan contains the images of " + numbers.size() + " series (SeriesNumber "
                                + String.join(", ", numbers.subList(0, Math.min(NAMED, numbers.size())))
                                + ")" + (uids == 1 ? ", which share one SeriesInstanceUID" : "")
                                + ", all kept under this one's name",
                        "If they are different series, archive each as a scan of its own"));
            }
        }

        /** Slices and volumes of each stack; the expected shape of the complete volumes of each. */
        private List<Shape> stacks(List<Stack> stacks) {
            Map<Stack.Key, Long> directions =
                    stacks.stream().collect(Collectors.groupingBy(Stack::key, Collectors.counting()));
            broken.addAll(leftOut(stacks));
            List<Shape> shapes = new ArrayList<>();
            for (Stack stack : stacks) {
                boolean onlyDirection = directions.getOrDefault(stack.key(), 0L) == 1;
                shapes.add(stack(stack, onlyDirection));
            }
            volumesComplete = completeOfAllEchoes.values().stream()
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElse(0);
            // A run whose planes rotated is counted as one run: its volumes are in several stacks.
            if (turned(stacks).isPresent()) {
                volumesArrived = stacks.stream()
                        .mapToInt(stack -> stack.volumes(stack.places()))
                        .sum();
                volumesComplete = Math.max(volumesComplete, volumesArrived);
            }
            return shapes;
        }

        private Shape stack(Stack stack, boolean onlyDirection) {
            List<Double> places = stack.places();
            int volumes = stack.volumes(places);
            imagesArrived += stack.slices().size();
            volumesArrived = Math.max(volumesArrived, volumes);
            int slices = slices(stack, places, onlyDirection);
            Optional<Stated> promised = onlyDirection ? temporalPositions : Optional.empty();
            int pointsCame = stack.timePoints().orElse(volumes);
            int perPoint = Math.max(1, volumes / Math.max(1, pointsCame));
            int expected = Math.max(
                    volumes, promised.map(points -> points.count() * perPoint).orElse(0));
            promised.filter(points -> points.count() > 1 || volumes > 1).ifPresent(points -> basis.add(points.basis()));
            Optional<List<List<Slice>>> sorted = stack.sorted(places);
            List<List<Slice>> cut = cut(sorted.orElse(List.of()), places.size());
            cut.stream().flatMap(List::stream).forEach(slice -> brokenFrames
                    .computeIfAbsent(slice.file(), file -> new TreeSet<>())
                    .add(slice.frame()));
            int whole = whole(stack, places, volumes, sorted.orElse(null), cut);
            int kept = volumes
                    - (int) sorted.orElse(List.of()).stream()
                            .filter(volume -> isLeftOut(volume) || cut.contains(volume))
                            .count();
            promisedVolumes = Math.max(promisedVolumes, expected);
            completeOfAllEchoes.merge(ofAllEchoes(stack.key()), whole, Math::min);
            promisedImages += expected * Math.max(slices, places.size());
            if (promised.isPresent() && pointsCame < promised.get().count()) {
                losses.add(new Reason(
                        "volumes-missing",
                        "The header states " + promised.get().count() + " time points ("
                                + name(promised.get()) + "), " + pointsCame + " received"
                                + (whole < volumes ? ", " + whole + " of the volumes complete" : ""),
                        SEND_AGAIN));
            }
            return new Shape(
                    stack.key().rows(),
                    stack.key().columns(),
                    places.size(),
                    kept,
                    computed(stack, places),
                    Corners.of(stack, places));
        }

        /** The expected slices of a volume: gaps between them, and the vendor's count. */
        private int slices(Stack stack, List<Double> places, boolean onlyDirection) {
            int holes = places.size() > 2 ? stack.holes(places) : 0;
            if (holes > 0) {
                basis.add("ImagePositionPatient (0020,0032)");
                losses.add(new Reason(
                        "slices-missing",
                        holes + " slices are missing between others (" + places.size() + " of "
                                + (places.size() + holes)
                                + " positions received): the slices of the image are not where its"
                                + " geometry states from there on",
                        SEND_AGAIN));
                return places.size() + holes;
            }
            Optional<Stated> stated =
                    derived || !onlyDirection ? Optional.empty() : usual(headers, ImageHeader::findSlices, BY_COUNT);
            stated.ifPresent(slices -> basis.add(slices.basis()));
            if (stated.isPresent() && places.size() < stated.get().count()) {
                losses.add(new Reason(
                        "slices-missing",
                        "The header states " + stated.get().count() + " slices per volume ("
                                + stated.get().basis() + "), " + places.size() + " received",
                        SEND_AGAIN));
                return stated.get().count();
            }
            return places.size();
        }

        /**
         * The files of incomplete volumes, if complete volumes do not need them. A file may hold frames of several volumes
         * and stacks: a file needed by any of them stays, and so do all files of a volume of which a part stays.
         */
        private static Set<Integer> leftOut(List<Stack> stacks) {
            Set<Integer> needed = new HashSet<>();
            List<Set<Integer>> dispensable = new ArrayList<>();
            for (Stack stack : stacks) {
                List<Double> places = stack.places();
                Optional<List<List<Slice>>> sorted = isWhole(stack, places, stack.volumes(places))
                        ? Optional.empty()
                        : stack.sorted(places)
                                .filter(volumes -> volumes.stream().anyMatch(volume -> volume.size() == places.size()));
                if (sorted.isEmpty()) {
                    needed.addAll(files(stack.slices()));
                    continue;
                }
                for (List<Slice> volume : sorted.get()) {
                    if (volume.size() == places.size()) {
                        needed.addAll(files(volume));
                    } else {
                        dispensable.add(files(volume));
                    }
                }
            }
            boolean more = true;
            while (more) {
                List<Set<Integer>> kept = dispensable.stream()
                        .filter(volume -> volume.stream().anyMatch(needed::contains))
                        .toList();
                kept.forEach(needed::addAll);
                more = dispensable.removeAll(kept);
            }
            return dispensable.stream().flatMap(Set::stream).collect(Collectors.toSet());
        }

        private static Set<Integer> files(List<Slice> slices) {
            return slices.stream().map(Slice::file).collect(Collectors.toSet());
        }

        private boolean isLeftOut(List<Slice> volume) {
            return broken.containsAll(files(volume));
        }

        /** Incomplete volumes whose frames are in files with complete ones: these files are converted without those frames. */
        private List<List<Slice>> cut(List<List<Slice>> volumes, int slices) {
            Set<Integer> filesOfWhole = volumes.stream()
                    .filter(volume -> volume.size() == slices)
                    .flatMap(List::stream)
                    .filter(slice ->
                            slice.header().planes().size() == slice.header().numberOfFrames())
                    .map(Slice::file)
                    .collect(Collectors.toSet());
            return volumes.stream()
                    .filter(volume ->
                            volume.size() < slices && !isLeftOut(volume) && filesOfWhole.containsAll(files(volume)))
                    .toList();
        }

        private static boolean isWhole(Stack stack, List<Double> places, int volumes) {
            return stack.slices().size() == places.size() * volumes;
        }

        /** Volumes that the scanner computed from the others, by the headers of their slices. */
        private static int computed(Stack stack, List<Double> places) {
            long slices = stack.slices().stream()
                    .filter(slice -> slice.plane().withoutDirection()
                            || slice.header().imageType().stream().anyMatch(COMPUTED::contains))
                    .count();
            return (int) (slices / places.size());
        }

        /** The number of complete volumes. */
        private int whole(
                Stack stack,
                List<Double> places,
                int volumes,
                @Nullable List<List<Slice>> sorted,
                List<List<Slice>> cut) {
            if (isWhole(stack, places, volumes)) {
                return volumes;
            }
            basis.add("ImagePositionPatient (0020,0032)");
            if (sorted == null) {
                losses.add(new Reason(
                        "slices-missing",
                        stack.slices().size() + " slices received, " + places.size() * volumes + " make " + volumes
                                + " volumes of " + places.size() + "; no element states which volume lacks which",
                        SEND_AGAIN));
                return 0;
            }
            int whole = 0;
            int leftOut = 0;
            List<String> described = new ArrayList<>();
            for (int i = 0; i < volumes; i++) {
                List<Slice> volume = sorted.get(i);
                if (volume.size() == places.size()) {
                    whole++;
                } else {
                    described.add("volume " + (i + 1) + " has " + volume.size() + " of " + places.size() + " slices");
                    leftOut += isLeftOut(volume) || cut.contains(volume) ? 1 : 0;
                }
            }
            losses.add(new Reason(
                    "volumes-broken",
                    whole + " of " + volumes + " volumes are complete" + converted(whole, leftOut, described.size())
                            + ": "
                            + String.join(", ", described.subList(0, Math.min(NAMED, described.size())))
                            + (described.size() > NAMED ? " and so on" : ""),
                    SEND_AGAIN));
            return whole;
        }

        /** How the incomplete volumes were handled. */
        private static String converted(int whole, int leftOut, int broken) {
            if (whole == 0) {
                return "";
            } else if (leftOut == broken) {
                return ", only these are for conversion";
            }
            return ", and " + (broken - leftOut)
                    + " incomplete ones were converted with them, because they share files";
        }

        /** Volumes of each kind of mosaic; the expected shape of the image of each, when all headers state it. */
        private List<Shape> mosaics() {
            List<ImageHeader> mosaics =
                    headers.stream().filter(ImageHeader::mosaic).toList();
            if (mosaics.isEmpty()) {
                return List.of();
            }
            imagesArrived += mosaics.size();
            Map<String, List<ImageHeader>> perEcho = mosaics.stream()
                    .collect(Collectors.groupingBy(h ->
                            h.echo() + " " + h.imageType() + (combined ? "" : h.series() + "|" + h.seriesNumber())));
            int most = perEcho.values().stream().mapToInt(List::size).max().orElse(0);
            volumesArrived = Math.max(volumesArrived, most);
            volumesComplete = Math.max(volumesComplete, most);
            int expected = Math.max(most, temporalPositions.map(Stated::count).orElse(0));
            temporalPositions.ifPresent(points -> basis.add(points.basis()));
            promisedVolumes = Math.max(promisedVolumes, expected);
            promisedImages += expected * perEcho.size();
            if (most < expected) {
                losses.add(new Reason(
                        "volumes-missing",
                        "The header states " + expected + " time points ("
                                + temporalPositions.map(Counting::name).orElse("") + "), " + most + " received",
                        SEND_AGAIN));
            }
            boolean stated = mosaics.stream().allMatch(h -> h.mosaicSlices() > 0);
            return stated
                    ? perEcho.values().stream()
                            .map(own -> mosaic(own.get(0), own.size()))
                            .toList()
                    : List.of();
        }

        private static Shape mosaic(ImageHeader first, int volumes) {
            int tiles = (int) Math.ceil(Math.sqrt(first.mosaicSlices()));
            return new Shape(
                    first.rows() / tiles,
                    first.columns() / tiles,
                    first.mosaicSlices(),
                    volumes,
                    first.imageType().stream().anyMatch(COMPUTED::contains) ? volumes : 0,
                    first.mosaicCorners());
        }

        private static String ofAllEchoes(Stack.Key key) {
            return key.series() + " " + key.part() + " " + key.rows() + " " + key.columns();
        }

        /** Checks that all echoes of a part have the same number of slices. */
        private void echoes(List<Stack> stacks) {
            Map<String, Map<Long, Integer>> perPart = new HashMap<>();
            for (Stack stack : stacks) {
                perPart.computeIfAbsent(ofAllEchoes(stack.key()), p -> new HashMap<>())
                        .merge(stack.key().echoMicros(), stack.slices().size(), Integer::sum);
            }
            perPart.values().stream()
                    .filter(counts -> counts.size() > 1 && new HashSet<>(counts.values()).size() > 1)
                    .findFirst()
                    .ifPresent(counts -> {
                        basis.add("EchoTime (0018,0081)");
                        int most = counts.values().stream()
                                .mapToInt(Integer::intValue)
                                .max()
                                .orElse(0);
                        promisedImages = Math.max(promisedImages, most * counts.size());
                        losses.add(new Reason(
                                "echoes-differ",
                                "The echoes of the series have different numbers of slices: "
                                        + counts.entrySet().stream()
                                                .sorted(Map.Entry.comparingByKey())
                                                .map(e -> e.getValue() + " at TE " + e.getKey() / 1000.0 + " ms")
                                                .collect(Collectors.joining(", ")),
                                SEND_AGAIN));
                    });
        }

        /** Stacks of one echo and part with nearly parallel planes. */
        private static Optional<List<Stack>> turned(List<Stack> stacks) {
            return stacks.stream().collect(Collectors.groupingBy(Stack::key)).values().stream()
                    .filter(group -> group.size() > 1
                            && group.stream().allMatch(stack -> stack.places().size() > 1))
                    .map(group -> group.stream()
                            .filter(other -> cosine(group.get(0), other) > SAME_DIRECTION)
                            .toList())
                    .filter(near -> near.size() > 1)
                    .findFirst();
        }

        private static double cosine(Stack a, Stack b) {
            double[] m = a.slices().get(0).plane().normal();
            double[] n = b.slices().get(0).plane().normal();
            double across = m[0] * n[0] + m[1] * n[1] + m[2] * n[2];
            double along = 0;
            for (int i = 0; i < 3; i++) {
                along += a.slices().get(0).plane().orientation().get(i)
                        * b.slices().get(0).plane().orientation().get(i);
            }
            return Math.min(across, along);
        }

        private void fellApart(List<Stack> stacks) {
            turned(stacks)
                    .ifPresent(
                            group -> losses.add(
                                    new Reason(
                                            "orientation-changes",
                                            "The slices turned during the run: " + group.size()
                                                    + " orientations (ImageOrientationPatient), each became a separate image instead"
                                                    + " of one of "
                                                    + group.stream()
                                                            .mapToInt(stack -> stack.volumes(stack.places()))
                                                            .sum()
                                                    + " volumes",
                                            "The sequence followed the head; reconstruct the run on the scanner with one orientation")));
        }

        /**
         * ImagesInAcquisition is the number of all images on most scanners and that of one volume on others (GE MR750,
         * DV26): the former is assumed when all time points fit into it.
         */
        private void imagesInAcquisition(List<Stack> stacks, boolean placed) {
            Optional<Integer> stated = derived || !placed
                    ? Optional.empty()
                    : usual(headers, ImageHeader::findImagesInAcquisition, Comparator.naturalOrder());
            if (stated.isEmpty() || stated.get() < 1 || imagesArrived == 0) {
                return;
            }
            int places = stacks.stream()
                    .mapToInt(stack -> stack.places().size())
                    .max()
                    .orElse(0);
            int points = temporalPositions.map(Stated::count).orElse(1);
            int all = stated.get() >= places * points ? stated.get() : stated.get() * points;
            if (imagesArrived > all) {
                all = (imagesArrived + stated.get() - 1) / stated.get() * stated.get();
            }
            basis.add("ImagesInAcquisition (0020,1002)");
            promisedImages = Math.max(promisedImages, all);
            if (imagesArrived < all && losses.isEmpty()) {
                losses.add(new Reason(
                        "images-missing",
                        "The header states " + all + " images (ImagesInAcquisition), " + imagesArrived + " received",
                        SEND_AGAIN));
            }
        }

        /** A gap in the numbers of the images: the only sign of a lost volume when no other count exists. */
        private void instances() {
            List<Integer> numbers = Stream.concat(
                            headers.stream().flatMap(h -> h.findInstance().stream()),
                            withheld.stream().flatMap(Stream::ofNullable))
                    .sorted()
                    .toList();
            boolean oneEach = numbers.size() == headers.size() + withheld.size()
                    && new HashSet<>(numbers).size() == numbers.size();
            if (!losses.isEmpty() || !oneEach || numbers.size() < 2 || combined) {
                return;
            }
            int first = Math.min(1, numbers.get(0));
            int missing = numbers.get(numbers.size() - 1) - first + 1 - numbers.size();
            // Many missing numbers belong to other images of the scan that were not sent, such as the phase of a
            // Philips DTI.
            if (missing > 0 && missing * 4 < numbers.size()) {
                basis.add("InstanceNumber (0020,0013)");
                promisedImages += missing;
                losses.add(new Reason(
                        "images-missing",
                        "The images are numbered up to " + numbers.get(numbers.size() - 1) + " (InstanceNumber), "
                                + missing + " of them are missing",
                        SEND_AGAIN));
            }
        }

        /** The volumes that a protocol plans. Fewer are only a note: sites plan more than they need and stop the scan. */
        private void repetitions() {
            Optional<Stated> stated =
                    derived ? Optional.empty() : usual(headers, ImageHeader::findRepetitions, BY_COUNT);
            int planned = stated.map(Stated::count).orElse(0);
            if (planned < 2 || volumesArrived < 2 || volumesArrived > planned || !losses.isEmpty()) {
                return;
            }
            stated.ifPresent(volumes -> basis.add(volumes.basis()));
            if (volumesArrived < planned) {
                notes.add(Reason.of(
                        "fewer-volumes-than-planned",
                        "The protocol planned " + planned + " volumes, " + volumesArrived + " received"));
            }
            promisedImages = Math.max(promisedImages, imagesArrived / volumesArrived * planned);
            promisedVolumes = Math.max(promisedVolumes, planned);
        }

        /** The element without its number. */
        private static String name(Stated stated) {
            return stated.basis().replaceFirst(" \\(.*", "");
        }

        /** The most frequent value of the images. */
        private static <T> Optional<T> usual(
                List<ImageHeader> headers, Function<ImageHeader, Optional<T>> element, Comparator<T> order) {
            return headers.stream()
                    .flatMap(header -> element.apply(header).stream())
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                    .entrySet()
                    .stream()
                    .max(Comparator.<Map.Entry<T, Long>>comparingLong(Map.Entry::getValue)
                            .thenComparing(Map.Entry::getKey, order))
                    .map(Map.Entry::getKey);
        }
    }
}
