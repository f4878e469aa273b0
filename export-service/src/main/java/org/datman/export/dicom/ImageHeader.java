package org.datman.export.dicom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.EchoNumber;
import org.datman.imaging.dicom.SiemensCsa;
import org.jspecify.annotations.Nullable;

/**
 * The header data of a DICOM image and its series that is needed to detect missing images.
 *
 * @param sopInstance SOPInstanceUID; empty when missing
 * @param sopClass SOPClassUID; empty when missing
 * @param study StudyInstanceUID
 * @param series SeriesInstanceUID
 * @param seriesNumber as text
 * @param acquisition AcquisitionNumber
 * @param instance InstanceNumber
 * @param imageType all values
 * @param rows of one slice
 * @param columns of one slice
 * @param spacing PixelSpacing between rows and between columns, mm; empty when missing
 * @param echo echo number; see {@link EchoNumber}
 * @param polarity order in which phase encoding lines were read (0018,9034); empty when missing
 * @param mosaicSlices 0: not a mosaic; -1: a mosaic with an unknown number of slices
 * @param mosaicCorners centres of the outermost voxels of a mosaic's volume, mm; empty for other images, and if the header
 *     does not contain it
 * @param numberOfFrames NumberOfFrames, 1 for classic images
 * @param planes one per slice; none for a mosaic and if positions are missing
 * @param temporalPositions number of time points, by NumberOfTemporalPositions or Philips' private element
 * @param imagesInAcquisition ImagesInAcquisition
 * @param slices slices per volume by the vendor's private element or protocol
 * @param repetitions number of volumes that the protocol planned: of Siemens' run, of Philips' diffusion gradients
 */
public record ImageHeader(
        String sopInstance,
        String sopClass,
        String study,
        String series,
        String seriesNumber,
        @Nullable Integer acquisition,
        @Nullable Integer instance,
        List<String> imageType,
        int rows,
        int columns,
        List<Double> spacing,
        @Nullable Integer echo,
        String polarity,
        int mosaicSlices,
        List<List<Double>> mosaicCorners,
        int numberOfFrames,
        List<SlicePlane> planes,
        @Nullable Stated temporalPositions,
        @Nullable Integer imagesInAcquisition,
        @Nullable Stated slices,
        @Nullable Stated repetitions) {

    /**
     * A number that the header states.
     *
     * @param basis name of the element that states it
     */
    public record Stated(int count, String basis) {}

    private static final String PHILIPS_IMAGING = "Philips Imaging DD 001";

    private static final int UNKNOWN_SLICES = -1;

    public Optional<Integer> findAcquisition() {
        return Optional.ofNullable(acquisition);
    }

    public Optional<Integer> findInstance() {
        return Optional.ofNullable(instance);
    }

    public Optional<Integer> findEcho() {
        return Optional.ofNullable(echo);
    }

    public Optional<Stated> findTemporalPositions() {
        return Optional.ofNullable(temporalPositions);
    }

    public Optional<Integer> findImagesInAcquisition() {
        return Optional.ofNullable(imagesInAcquisition);
    }

    public Optional<Stated> findSlices() {
        return Optional.ofNullable(slices);
    }

    public Optional<Stated> findRepetitions() {
        return Optional.ofNullable(repetitions);
    }

    /** Whether it was computed from other images: the header's volume counts then refer to those. */
    public boolean derived() {
        return !imageType.isEmpty() && imageType.get(0).equalsIgnoreCase("DERIVED");
    }

    /** Whether one plane holds all slices of a volume side by side. */
    public boolean mosaic() {
        return mosaicSlices != 0;
    }

    /**
     * Reads the header. Missing or non-numeric elements are left empty.
     *
     * @param protocols Siemens' measurement protocol by SeriesInstanceUID, filled on demand: it is the same in all
     *     images of a series and large
     */
    public static ImageHeader of(DicomHeader header, Map<String, Map<String, String>> protocols) {
        List<String> imageType = header.strings("ImageType");
        int mosaic = mosaicSlices(header, imageType);
        Map<String, String> protocol =
                protocols.computeIfAbsent(header.string("SeriesInstanceUID").orElse(""), series -> protocol(header));
        return new ImageHeader(
                header.string("SOPInstanceUID").orElse(""),
                header.string("SOPClassUID").orElse(""),
                header.string("StudyInstanceUID").orElse(""),
                header.string("SeriesInstanceUID").orElse(""),
                header.string("SeriesNumber").orElse(""),
                header.dataset()
                        .element("AcquisitionNumber")
                        .flatMap(ImageHeader::wholeOf)
                        .orElse(null),
                header.dataset()
                        .element("InstanceNumber")
                        .flatMap(ImageHeader::wholeOf)
                        .orElse(null),
                imageType,
                header.integer("Rows").orElse(0),
                header.integer("Columns").orElse(0),
                list(header.findFirst("PixelSpacing").map(DicomElement::doubles).orElse(new double[0])),
                boxed(EchoNumber.of(header, () -> protocol)).orElse(null),
                header.findFirst("RectilinearPhaseEncodeReordering")
                        .flatMap(DicomElement::string)
                        .orElse(""),
                mosaic,
                mosaic > 0 ? MosaicGeometry.corners(header, mosaic) : List.of(),
                Math.max(1, header.integer("NumberOfFrames").orElse(1)),
                mosaic == 0 ? planes(header, imageType) : List.of(),
                timePoints(header).orElse(null),
                header.findFirst("ImagesInAcquisition")
                        .flatMap(ImageHeader::wholeOf)
                        .orElse(null),
                slices(header, protocol, imageType).orElse(null),
                planned(header, protocol).orElse(null));
    }

    private static Optional<Stated> timePoints(DicomHeader header) {
        return header.findFirst("NumberOfTemporalPositions")
                .flatMap(ImageHeader::wholeOf)
                .map(points -> new Stated(points, "NumberOfTemporalPositions (0020,0105)"))
                .or(() -> stated(header, 0x2001, PHILIPS_IMAGING, 0x81, "NumberOfDynamicScans (2001,xx81)"));
    }

    private static Optional<Stated> slices(DicomHeader header, Map<String, String> protocol, List<String> imageType) {
        return stated(header, 0x2001, PHILIPS_IMAGING, 0x18, "NumberOfSlicesMR (2001,xx18)")
                .or(() -> stated(header, 0x0021, "GEMS_RELA_01", 0x4F, "LocationsInAcquisition (0021,xx4F)"))
                .or(() -> siemensSlices(protocol, imageType)
                        .map(slices -> new Stated(slices, "sSliceArray and sKSpace of the protocol")));
    }

    /**
     * lRepetitions counts from 0. Philips numbers its diffusion gradients, the unweighted volume among them: 17 of a run of 17 volumes
     * (Elition X 5.7.1, {@code shared/data}); with several b-values each may occur more than once.
     */
    private static Optional<Stated> planned(DicomHeader header, Map<String, String> protocol) {
        return Optional.ofNullable(protocol.get("lRepetitions"))
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> new Stated(Integer.parseInt(text) + 1, "lRepetitions of the protocol"))
                .or(() -> stated(
                        header,
                        0x2005,
                        "Philips MR Imaging DD 005",
                        0x15,
                        "NumberOfDiffusionGradientOrientations (2005,xx15)"));
    }

    private static Optional<Stated> stated(DicomHeader header, int group, String creator, int element, String basis) {
        return header.dataset()
                .privateElement(group, creator, element)
                .flatMap(ImageHeader::wholeOf)
                .map(count -> new Stated(count, basis));
    }

    private static Map<String, String> protocol(DicomHeader header) {
        try {
            return SiemensCsa.protocol(header.dataset());
        } catch (ImageFormatException damaged) {
            // Not available then; the public elements are used.
            return Map.of();
        }
    }

    /** ucDimension is 2 for single slices, 4 for a slab (syngo MR B17 to XA61, {@code shared/data}). */
    private static Optional<Integer> siemensSlices(Map<String, String> protocol, List<String> imageType) {
        boolean reformatted = imageType.stream()
                .anyMatch(value -> value.equals("MPR") || value.equals("MIP") || value.equals("PROJECTION IMAGE"));
        Optional<Integer> groups = whole(protocol.get("sSliceArray.lSize"));
        Optional<Integer> perSlab = whole(protocol.get("sKSpace.lImagesPerSlab"));
        String dimension = protocol.getOrDefault("sKSpace.ucDimension", "");
        if (reformatted || groups.isEmpty()) {
            return Optional.empty();
        }
        return switch (dimension) {
            case "2", "0x2" -> groups;
            case "4", "0x4" -> perSlab.map(slices -> slices * groups.get());
            default -> Optional.empty();
        };
    }

    private static int mosaicSlices(DicomHeader header, List<String> imageType) {
        if (imageType.contains("VFRAME")) {
            return UNKNOWN_SLICES;
        }
        if (!imageType.contains("MOSAIC")) {
            return 0;
        }
        return header.dataset()
                .privateElement(0x0019, "SIEMENS MR HEADER", 0x0A)
                .flatMap(ImageHeader::wholeOf)
                .or(() -> MosaicGeometry.csa(header, "NumberOfImagesInMosaic").stream()
                        .findFirst()
                        .flatMap(ImageHeader::whole))
                .filter(slices -> slices > 0)
                .orElse(UNKNOWN_SLICES);
    }

    private static List<SlicePlane> planes(DicomHeader header, List<String> imageType) {
        List<DicomDataset> frames = header.sequence("PerFrameFunctionalGroupsSequence");
        List<SlicePlane> planes = new ArrayList<>();
        if (frames.isEmpty()) {
            plane(header.dataset(), null, header, imageType).ifPresent(planes::add);
            return planes;
        }
        DicomDataset shared = header.sequence("SharedFunctionalGroupsSequence").stream()
                .findFirst()
                .orElse(null);
        for (DicomDataset frame : frames) {
            Optional<SlicePlane> plane = plane(frame, shared, header, imageType);
            if (plane.isEmpty()) {
                return List.of();
            }
            planes.add(plane.get());
        }
        return planes;
    }

    private static Optional<SlicePlane> plane(
            DicomDataset frame, @Nullable DicomDataset shared, DicomHeader header, List<String> imageType) {
        List<Double> position = list(value(frame, shared, "PlanePositionSequence", "ImagePositionPatient"));
        List<Double> orientation = list(value(frame, shared, "PlaneOrientationSequence", "ImageOrientationPatient"));
        if (position.size() != 3
                || orientation.size() != 6
                || position.stream().anyMatch(v -> !Double.isFinite(v))
                || orientation.stream().anyMatch(v -> !Double.isFinite(v))) {
            return Optional.empty();
        }
        List<String> frameType = texts(frame, shared, "MRImageFrameTypeSequence", "FrameType");
        List<String> component = texts(frame, shared, "MRImageFrameTypeSequence", "ComplexImageComponent");
        List<String> type = new ArrayList<>(frameType.isEmpty() ? imageType : frameType);
        type.addAll(component);
        String timePoint = frame.string("TemporalPositionIdentifier")
                .or(() -> texts(frame, shared, "FrameContentSequence", "TemporalPositionIndex").stream()
                        .findFirst())
                .orElse("");
        double[] echo = value(frame, shared, "MREchoSequence", "EffectiveEchoTime");
        double echoTime = echo.length > 0 ? echo[0] : EchoNumber.time(header).orElse(0);
        return Optional.of(new SlicePlane(
                position, orientation, timePoint, diffusion(frame, shared), echoTime, ImageParts.of(type)));
    }

    private static String diffusion(DicomDataset frame, @Nullable DicomDataset shared) {
        double[] b = value(frame, shared, "MRDiffusionSequence", "DiffusionBValue");
        double[] direction = frame.doubles("DiffusionGradientOrientation");
        if (direction.length == 0) {
            direction = frame.sequence("MRDiffusionSequence").stream()
                    .flatMap(item -> item.sequence("DiffusionGradientDirectionSequence").stream())
                    .findFirst()
                    .map(item -> item.doubles("DiffusionGradientOrientation"))
                    .orElse(new double[0]);
        }
        return b.length == 0
                ? ""
                : Arrays.stream(b).mapToObj(Double::toString).collect(Collectors.joining("\\")) + " "
                        + Arrays.toString(direction);
    }

    /** A number of a frame: from its own functional group, else from the shared one, else from the top level of a classic image. */
    private static double[] value(DicomDataset frame, @Nullable DicomDataset shared, String sequence, String keyword) {
        return holder(frame, shared, sequence, keyword)
                .map(dataset -> dataset.doubles(keyword))
                .orElse(new double[0]);
    }

    private static List<String> texts(
            DicomDataset frame, @Nullable DicomDataset shared, String sequence, String keyword) {
        return holder(frame, shared, sequence, keyword)
                .map(dataset -> dataset.strings(keyword))
                .orElse(List.of());
    }

    private static Optional<DicomDataset> holder(
            DicomDataset frame, @Nullable DicomDataset shared, String sequence, String keyword) {
        return Optional.of(frame)
                .filter(dataset -> dataset.element(keyword).isPresent())
                .or(() -> frame.sequence(sequence).stream()
                        .filter(item -> item.element(keyword).isPresent())
                        .findFirst())
                .or(() -> Stream.ofNullable(shared)
                        .flatMap(item -> item.sequence(sequence).stream())
                        .filter(item -> item.element(keyword).isPresent())
                        .findFirst());
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static Optional<Integer> boxed(OptionalInt value) {
        return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }

    private static Optional<Integer> wholeOf(DicomElement element) {
        return element.string().flatMap(ImageHeader::whole);
    }

    private static Optional<Integer> whole(@Nullable String text) {
        try {
            return Optional.ofNullable(text)
                    .map(String::strip)
                    .filter(t -> !t.isEmpty())
                    .map(Integer::valueOf);
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
