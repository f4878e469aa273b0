package org.datman.export.dicom;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.study.Part;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.deidentification.PersonalNames;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.SiemensCsa;
import org.jspecify.annotations.Nullable;

/**
 * The acquisition times of the frames of a series and the personal names, from its headers. Read on demand:
 * most series need one header, not all.
 */
public final class SourceHeaders {

    /** DICOM DT, to the fraction of a second; the offset from UTC does not matter for differences. */
    private static final Pattern DATE_TIME =
            Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(\\d{2})(\\d{2})(\\d{2})(?:\\.(\\d{1,6}))?(?:[+-]\\d{4})?");

    private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);
    private static final int RTIA_TICKS_PER_SECOND = 10_000;

    private final List<DicomImage> images;
    private Optional<DicomHeader> first = Optional.empty();

    /** @param images of the series, in {@link DicomFacts#ORDER} */
    public SourceHeaders(List<DicomImage> images) {
        this.images = List.copyOf(images);
    }

    /**
     * Acquisition time of a slice.
     *
     * @param position of the first voxel's centre, mm, in DICOM's axes (left, posterior, superior)
     * @param seconds from an arbitrary common reference
     */
    public record Frame(double[] position, double seconds) {}

    /** The DICOM source of the times, and the times. */
    public record Frames(String source, List<Frame> frames) {}

    /** RepetitionTime of the first header that has it, in s. */
    public OptionalDouble repetitionTime() throws IOException {
        Optional<DicomHeader> first = first();
        return first.isEmpty() ? OptionalDouble.empty() : seconds(first.get(), "RepetitionTime", 1000);
    }

    /** MRAcquisitionType of the first header: {@code 2D} or {@code 3D}. */
    public String acquisitionType() throws IOException {
        return first().flatMap(header -> header.findFirst("MRAcquisitionType"))
                .flatMap(DicomElement::string)
                .orElse("");
    }

    /**
     * The phase-encoding direction of a GE image by RectilinearPhaseEncodeReordering (0018,9034), in the terms of an image created by
     * dcm2niix: LINEAR is {@code j}, REVERSE_LINEAR {@code j-} (MR29.1 in {@code shared/data}, where GE's private block contains
     * the same).
     *
     * @param series number by the converter: it numbers the reversed volumes of epi_pepolar differently
     * @return empty for other images, and if the private block (0043,xx2A), which every converter reads, is present
     */
    public Optional<String> geDirection(long series) throws IOException {
        Optional<DicomHeader> first = first();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        DicomHeader header = first.get();
        DicomDataset dataset = header.dataset();
        String order = header.findFirst("RectilinearPhaseEncodeReordering")
                .flatMap(DicomElement::string)
                .orElse("");
        boolean stated = header.string("Manufacturer")
                        .orElse("")
                        .toUpperCase(Locale.ROOT)
                        .startsWith("GE")
                && header.string("InPlanePhaseEncodingDirection").orElse("").equals("COL")
                && (order.equals("LINEAR") || order.equals("REVERSE_LINEAR"))
                && dataset.privateElement(0x0043, "GEMS_PARM_01", 0x2A).isEmpty();
        if (!stated) {
            return Optional.empty();
        }
        boolean flipped = order.equals("LINEAR");
        Optional<String> sequence =
                dataset.privateElement(0x0019, "GEMS_ACQU_01", 0x9C).flatMap(DicomElement::string);
        if (sequence.filter(name -> name.contains("epi_pepolar")).isPresent()) {
            boolean allReversed = dataset.privateElement(0x0019, "GEMS_ACQU_01", 0xB3)
                    .flatMap(DicomElement::string)
                    .flatMap(SourceHeaders::whole)
                    .filter(way -> way == 1)
                    .isPresent();
            boolean ofOtherVolumes = !header.string("SeriesNumber")
                    .map(String::strip)
                    .filter(String.valueOf(series)::equals)
                    .isPresent();
            flipped ^= allReversed || ofOtherVolumes;
        }
        return Optional.of(flipped ? "j" : "j-");
    }

    /**
     * The slices of the first volume.
     *
     * @param slices number of slices: reading ends once there are that many positions
     * @return empty when the headers do not contain time and position of single slices
     */
    public Optional<Frames> firstVolume(int echo, Part part, int slices) throws IOException {
        Map<String, Frame> byPlace = new TreeMap<>();
        String source = "";
        for (DicomImage image : of(echo, part)) {
            Optional<Frames> read = frames(header(image));
            if (read.isEmpty()) {
                return Optional.empty();
            }
            source = read.get().source();
            // Within a file the earliest counts; a later file is a later volume and is ignored.
            Map<String, Frame> own = new TreeMap<>();
            for (Frame frame : read.get().frames()) {
                own.merge(place(frame), frame, (a, b) -> a.seconds() <= b.seconds() ? a : b);
            }
            own.forEach(byPlace::putIfAbsent);
            if (byPlace.size() >= slices) {
                return Optional.of(new Frames(source, List.copyOf(byPlace.values())));
            }
        }
        return Optional.empty();
    }

    /**
     * The slice times of a mosaic as Siemens wrote them, in s and in the order of the mosaic's tiles; empty for other images.
     */
    public Optional<double[]> mosaicTimes(int echo, Part part) throws IOException {
        List<DicomImage> own = of(echo, part);
        if (own.isEmpty()) {
            return Optional.empty();
        }
        DicomHeader header = header(own.get(0));
        if (!header.strings("ImageType").contains("MOSAIC")) {
            return Optional.empty();
        }
        double[] times = header.dataset()
                .privateElement(0x0019, "SIEMENS MR HEADER", 0x29)
                .map(DicomElement::doubles)
                .orElse(new double[0]);
        if (times.length == 0) {
            try {
                times = SiemensCsa.imageHeader(header.dataset()).map(csa -> csa.get("MosaicRefAcqTimes")).stream()
                        .flatMap(List::stream)
                        .mapToDouble(text -> number(text).orElse(Double.NaN))
                        .toArray();
            } catch (ImageFormatException unreadable) {
                return Optional.empty();
            }
        }
        for (int i = 0; i < times.length; i++) {
            times[i] /= 1000;
        }
        return times.length == 0 ? Optional.empty() : Optional.of(times);
    }

    /**
     * The time from one volume to the next, by the acquisition times of the headers: the median, so that a clock that
     * was set or a pause has no effect. In s; empty when the headers do not contain it.
     */
    public OptionalDouble volumeSpacing(int echo, Part part, int volumes) throws IOException {
        List<DicomImage> own = of(echo, part);
        if (volumes < 2 || own.isEmpty() || own.size() % volumes != 0) {
            return OptionalDouble.empty();
        }
        Map<Integer, Double> starts = new TreeMap<>();
        int perVolume = own.size() / volumes;
        for (int i = 0; i < own.size(); i++) {
            DicomHeader header = header(own.get(i));
            OptionalDouble time = acquisitionTime(header);
            if (time.isEmpty()) {
                return OptionalDouble.empty();
            }
            int volume = header.findFirst("TemporalPositionIdentifier")
                    .flatMap(DicomElement::string)
                    .flatMap(SourceHeaders::whole)
                    .orElse(1 + i / perVolume);
            starts.merge(volume, time.getAsDouble(), Math::min);
        }
        List<Double> times = List.copyOf(starts.values());
        double[] steps = new double[Math.max(0, times.size() - 1)];
        int positive = 0;
        for (int i = 1; i < times.size(); i++) {
            double step = times.get(i) - times.get(i - 1);
            if (step > 0) {
                steps[positive++] = step;
            }
        }
        if (starts.size() != volumes || positive < 2) {
            return OptionalDouble.empty();
        }
        double[] sorted = java.util.Arrays.copyOf(steps, positive);
        java.util.Arrays.sort(sorted);
        return OptionalDouble.of((sorted[(positive - 1) / 2] + sorted[positive / 2]) / 2);
    }

    /** The personal names and ids in the headers: no exported text may contain them. */
    public PersonalNames names() throws IOException {
        return first().map(header -> PersonalNames.of(header.dataset())).orElse(PersonalNames.NONE);
    }

    private Optional<DicomHeader> first() throws IOException {
        // Used by every image of the series: parsed once.
        if (first.isEmpty() && !images.isEmpty()) {
            first = Optional.of(header(images.get(0)));
        }
        return first;
    }

    private static DicomHeader header(DicomImage image) throws IOException {
        return DicomReader.read(image.file().local());
    }

    /** The images of an echo and part, if the files distinguish them; otherwise all. */
    private List<DicomImage> of(int echo, Part part) {
        List<DicomImage> ofEcho =
                narrowed(images, image -> image.facts().echoNumber().orElse(-1) == echo);
        return narrowed(ofEcho, image -> image.facts().part() == part);
    }

    private static List<DicomImage> narrowed(List<DicomImage> all, java.util.function.Predicate<DicomImage> condition) {
        List<DicomImage> some = all.stream().filter(condition).toList();
        return some.isEmpty() ? all : some;
    }

    private static Optional<Frames> frames(DicomHeader header) {
        List<DicomDataset> perFrame = header.sequence("PerFrameFunctionalGroupsSequence");
        if (!perFrame.isEmpty()) {
            return frames(
                    "FrameAcquisitionDateTime",
                    perFrame.stream()
                            .map(frame -> frame(
                                    within(frame, "PlanePositionSequence", "ImagePositionPatient")
                                            .orElse(null),
                                    within(frame, "FrameContentSequence", "FrameAcquisitionDateTime")
                                            .flatMap(DicomElement::string)
                                            .map(SourceHeaders::dateTime)
                                            .orElse(OptionalDouble.empty())))
                            .toList());
        }
        List<DicomDataset> grid = header.dataset()
                .privateElement(0x0065, "Image Private Header", 0x51)
                .map(DicomElement::items)
                .orElse(List.of());
        if (!grid.isEmpty()) {
            return frames(
                    "AcquisitionDateTime of the grid's tiles (0065,xx51)",
                    grid.stream()
                            .map(tile -> frame(
                                    tile.element("ImagePositionPatient").orElse(null),
                                    tile.string("AcquisitionDateTime")
                                            .map(SourceHeaders::dateTime)
                                            .orElse(OptionalDouble.empty())))
                            .toList());
        }
        DicomElement position = header.dataset().element("ImagePositionPatient").orElse(null);
        String manufacturer = header.string("Manufacturer").orElse("").toUpperCase(Locale.ROOT);
        if (manufacturer.startsWith("GE")) {
            Optional<DicomElement> rtia = header.dataset().privateElement(0x0021, "GEMS_RELA_01", 0x5E);
            return rtia.isPresent()
                    ? frames(
                            "RTIA timer (0021,xx5E)",
                            List.of(frame(
                                    position,
                                    rtia.flatMap(DicomElement::string)
                                            .map(SourceHeaders::number)
                                            .filter(OptionalDouble::isPresent)
                                            .map(ticks ->
                                                    OptionalDouble.of(ticks.getAsDouble() / RTIA_TICKS_PER_SECOND))
                                            .orElse(OptionalDouble.empty()))))
                    : frames("TriggerTime", List.of(frame(position, seconds(header, "TriggerTime", 1000))));
        }
        // Other vendors write the start of the volume or of the series here, not of the slice.
        return manufacturer.startsWith("SIEMENS")
                        && !header.strings("ImageType").contains("MOSAIC")
                ? frames("AcquisitionTime", List.of(frame(position, acquisitionTime(header))))
                : Optional.empty();
    }

    private static Optional<DicomElement> within(DicomDataset frame, String sequence, String keyword) {
        return frame.sequence(sequence).stream().findFirst().flatMap(item -> item.element(keyword));
    }

    private static Optional<Frames> frames(String source, List<Optional<Frame>> frames) {
        return frames.isEmpty() || frames.stream().anyMatch(Optional::isEmpty)
                ? Optional.empty()
                : Optional.of(
                        new Frames(source, frames.stream().map(Optional::get).toList()));
    }

    private static Optional<Frame> frame(@Nullable DicomElement position, OptionalDouble seconds) {
        double[] place = position == null ? new double[0] : position.doubles();
        return place.length == 3 && seconds.isPresent()
                ? Optional.of(new Frame(place, seconds.getAsDouble()))
                : Optional.empty();
    }

    private static String place(Frame frame) {
        return String.format(
                Locale.ROOT, "%.3f %.3f %.3f", frame.position()[0], frame.position()[1], frame.position()[2]);
    }

    private static OptionalDouble acquisitionTime(DicomHeader header) {
        Optional<String> whole = header.string("AcquisitionDateTime")
                .or(() -> header.findFirst("FrameAcquisitionDateTime").flatMap(DicomElement::string));
        if (whole.isPresent()) {
            return dateTime(whole.get());
        }
        Optional<String> time = header.string("AcquisitionTime");
        String date = header.string("AcquisitionDate").orElse("19700101");
        return time.isPresent() ? dateTime(date.strip() + time.get().strip()) : OptionalDouble.empty();
    }

    private static OptionalDouble dateTime(String text) {
        Matcher parts = DATE_TIME.matcher(text.strip());
        if (!parts.matches()) {
            return OptionalDouble.empty();
        }
        try {
            LocalDateTime moment = LocalDateTime.of(
                    Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)),
                    Integer.parseInt(parts.group(3)),
                    Integer.parseInt(parts.group(4)),
                    Integer.parseInt(parts.group(5)),
                    // A leap second counts as the previous second: Java's calendar has no leap seconds.
                    Math.min(59, Integer.parseInt(parts.group(6))));
            String fraction = parts.group(7) == null ? "" : parts.group(7);
            long micros = Long.parseLong((fraction + "000000").substring(0, 6));
            return OptionalDouble.of(Duration.between(EPOCH, moment).toSeconds() + micros / 1e6);
        } catch (DateTimeException noSuchTime) {
            return OptionalDouble.empty();
        }
    }

    private static OptionalDouble seconds(DicomHeader header, String keyword, double perSecond) {
        OptionalDouble value = header.findFirst(keyword)
                .flatMap(DicomElement::string)
                .map(SourceHeaders::number)
                .orElse(OptionalDouble.empty());
        return value.isPresent() ? OptionalDouble.of(value.getAsDouble() / perSecond) : value;
    }

    private static Optional<Integer> whole(String text) {
        OptionalDouble number = number(text);
        return number.isPresent() ? Optional.of((int) number.getAsDouble()) : Optional.empty();
    }

    private static OptionalDouble number(String text) {
        try {
            double value = Double.parseDouble(text.strip());
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException notANumber) {
            return OptionalDouble.empty();
        }
    }
}
