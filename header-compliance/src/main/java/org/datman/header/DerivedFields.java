package org.datman.header;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.imaging.dicom.DicomElement;

/** Fields that are computed from others, each with its origin. */
final class DerivedFields {

    /** Two slices excited together have times that differ by less, ms. */
    private static final double TOGETHER_MS = 0.5;

    private static final Map<String, String> VENDORS = Map.of(
            "siemens", "Siemens", "ge ", "GE", "philips", "Philips", "canon", "Canon", "toshiba", "Canon", "uih",
            "UIH");

    /** ucPhasePartialFourier of Siemens' protocol: the part of k-space that is measured. */
    private static final Map<Integer, Double> PARTIAL_FOURIER =
            Map.of(0x1, 0.5, 0x2, 0.625, 0x4, 0.75, 0x8, 0.875, 0x10, 1.0);

    private DerivedFields() {}

    static Optional<DicomValues.Found> find(Field field, DicomValues in) {
        return switch (field.name()) {
            case "Manufacturer" ->
                in.text("Manufacturer").map(name -> found(Value.of(vendor(name)), "(0008,0070) Manufacturer"));
            case "StorageLayout" ->
                Optional.of(found(Value.of(in.enhanced() ? "enhanced" : "classic"), "functional groups"));
            case "InPlanePhaseEncodingDirectionDICOM" ->
                in.text("InPlanePhaseEncodingDirection")
                        .map(way -> found(
                                Value.of(way.equals("COLUMN") ? "COL" : way),
                                "(0018,1312) InPlanePhaseEncodingDirection"));
            case "PhaseEncodingPolarity" -> polarity(in);
            case "ParallelReductionFactorInPlane" -> assetFactor(in);
            case "MultibandAccelerationFactor" -> multiband(in);
            case "PartialFourier" -> partialFourier(in);
            case "PartialFourierEnabled" -> partialFourierEnabled(in);
            case "PrescanNormalise" ->
                siemensImageType(in).map(type -> found(Value.of(type.contains("NORM") ? "ON" : "OFF"), "image type"));
            case "DistortionCorrection" ->
                siemensImageType(in)
                        .map(type -> found(
                                Value.of(type.stream()
                                        .filter(code -> code.startsWith("DIS"))
                                        .findFirst()
                                        .orElse("OFF")),
                                "image type"));
            case "ShimSetting" -> shim(in);
            case "DiffusionBValue" -> geDiffusion(in);
            case "RescalePresent" ->
                Optional.of(found(
                        Value.of(in.dataset().findFirst("RescaleSlope").isPresent() ? "YES" : "NO"),
                        "(0028,1053) RescaleSlope"));
            case "PhilipsScalePresent" ->
                vendorOf(in)
                        .filter("Philips"::equals)
                        .map(philips -> found(
                                Value.of(
                                        in.privateElement(0x2005, "Philips MR Imaging DD 001", 0x0E)
                                                        .isPresent()
                                                ? "YES"
                                                : "NO"),
                                "(2005,Philips MR Imaging DD 001,0E)"));
            default -> Optional.empty();
        };
    }

    private static DicomValues.Found found(Value value, String where) {
        return new DicomValues.Found(value, where);
    }

    private static Optional<String> vendorOf(DicomValues in) {
        return in.text("Manufacturer").map(DerivedFields::vendor);
    }

    /** The vendor without the changing names of its company. */
    static String vendor(String manufacturer) {
        String lower = manufacturer.toLowerCase(Locale.ROOT) + " ";
        return new TreeMap<>(VENDORS)
                .entrySet().stream()
                        .filter(vendor -> lower.contains(vendor.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(manufacturer.strip());
    }

    private static Optional<DicomValues.Found> polarity(DicomValues in) {
        Field field = FieldTable.of("EPIFactor");
        Optional<DicomValues.Found> siemens = in.find(field, new Source.Csa("PhaseEncodingDirectionPositive"))
                .or(() -> in.find(field, Source.parse("(0021,SIEMENS MR SDI 02,1C):IS")));
        if (siemens.isPresent()) {
            return siemens.filter(found -> found.value() instanceof Value.Numbers)
                    .map(found -> found(
                            Value.of(((Value.Numbers) found.value()).all().get(0) == 1 ? "POSITIVE" : "NEGATIVE"),
                            found.where()));
        }
        return vendorOf(in)
                .filter("GE"::equals)
                .flatMap(ge -> in.text("RectilinearPhaseEncodeReordering"))
                .map(order -> found(
                        Value.of(order.startsWith("REVERSE") ? "NEGATIVE" : "POSITIVE"),
                        "(0018,9034) RectilinearPhaseEncodeReordering"));
    }

    /** GE writes the inverse of the acceleration in plane. */
    private static Optional<DicomValues.Found> assetFactor(DicomValues in) {
        return in.find(FieldTable.of("EPIFactor"), Source.parse("(0043,GEMS_PARM_01,83):DS[0]"))
                .filter(found -> found.value() instanceof Value.Numbers numbers
                        && numbers.all().get(0) > 0)
                .map(found ->
                        found(Value.of(1 / ((Value.Numbers) found.value()).all().get(0)), found.where()));
    }

    private static Optional<DicomValues.Found> multiband(DicomValues in) {
        Optional<DicomElement> ge = in.privateElement(0x0043, "GEMS_PARM_01", 0xB6);
        if (ge.isPresent()) {
            Value first =
                    DicomValues.numbersIn(ge.get().strings().stream().limit(1).toList());
            return first instanceof Value.Numbers numbers && !numbers.all().isEmpty()
                    ? Optional.of(found(Value.of(Math.max(1, numbers.all().get(0))), "(0043,GEMS_PARM_01,B6)"))
                    : Optional.empty();
        }
        Field timing = FieldTable.of("SliceTiming");
        for (Source source : timing.sources()) {
            Optional<DicomValues.Found> times = in.find(timing, source);
            if (times.isPresent() && times.get().value() instanceof Value.Numbers numbers) {
                return bandsOf(numbers.all())
                        .map(bands -> found(
                                Value.of(bands), "repeats in " + times.get().where()));
            }
        }
        return Optional.empty();
    }

    /** Number of slices that share each excitation; empty if the times do not show it, as when the numbers differ. */
    static Optional<Double> bandsOf(List<Double> times) {
        List<Double> sorted = times.stream().sorted().toList();
        int excitations = sorted.isEmpty() ? 0 : 1;
        for (int i = 1; i < sorted.size(); i++) {
            excitations += sorted.get(i) - sorted.get(i - 1) > TOGETHER_MS ? 1 : 0;
        }
        return excitations <= 1 || sorted.size() % excitations != 0
                ? Optional.empty()
                : Optional.of((double) (sorted.size() / excitations));
    }

    private static Optional<DicomValues.Found> partialFourier(DicomValues in) {
        String key = "sKSpace.ucPhasePartialFourier";
        return in.protocol(key)
                .flatMap(DerivedFields::integer)
                .map(PARTIAL_FOURIER::get)
                .map(part -> found(Value.of(part), "protocol " + key));
    }

    private static Optional<Integer> integer(String text) {
        try {
            return Optional.of(Integer.decode(text.strip()));
        } catch (NumberFormatException notAnInteger) {
            return Optional.empty();
        }
    }

    private static Optional<DicomValues.Found> partialFourierEnabled(DicomValues in) {
        if (vendorOf(in).filter("GE"::equals).isEmpty()) {
            return Optional.empty();
        }
        List<String> options = in.dataset().strings("ScanOptions");
        boolean partial = options.stream().anyMatch(option -> option.equals("PFF") || option.equals("PFP"));
        return Optional.of(found(Value.of(partial ? "YES" : "NO"), "(0018,0022) ScanOptions"));
    }

    /** Where Siemens marks how an image was corrected: the image type, in enhanced objects a private text. */
    private static Optional<Set<String>> siemensImageType(DicomValues in) {
        if (vendorOf(in).filter(vendor -> vendor.equals("Siemens")).isEmpty()) {
            return Optional.empty();
        }
        List<String> codes = new ArrayList<>(in.dataset().strings("ImageType"));
        in.privateElement(0x0021, "SIEMENS MR SDI 02", 0x75)
                .or(() -> in.privateElement(0x0021, "SIEMENS MR SDS 01", 0x75))
                .ifPresent(element -> codes.addAll(element.strings()));
        return codes.isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(codes));
    }

    /** First-order offsets in x, y, z, then the second-order currents; GE has the first three only. */
    private static Optional<DicomValues.Found> shim(DicomValues in) {
        List<Double> all = new ArrayList<>();
        for (String root : List.of("sGRADSPEC.asGPAData[0].", "sGRADSPEC.")) {
            for (String axis : List.of("X", "Y", "Z")) {
                in.protocol(root + "lOffset" + axis)
                        .flatMap(DerivedFields::integer)
                        .ifPresent(v -> all.add((double) v));
            }
            if (!all.isEmpty()) {
                break;
            }
        }
        for (int i = 0; i < 5; i++) {
            in.protocol("sGRADSPEC.alShimCurrent[" + i + "]")
                    .flatMap(DerivedFields::integer)
                    .ifPresent(v -> all.add((double) v));
        }
        if (!all.isEmpty()) {
            return Optional.of(found(new Value.Numbers(all), "protocol sGRADSPEC"));
        }
        for (int element = 2; element <= 4; element++) {
            Source source = Source.parse("(0043,GEMS_PARM_01,0" + element + "):SS");
            in.find(FieldTable.of("ShimSetting"), source)
                    .map(DicomValues.Found::value)
                    .ifPresent(v -> {
                        if (v instanceof Value.Numbers numbers) {
                            all.addAll(numbers.all());
                        }
                    });
        }
        return all.size() == 3
                ? Optional.of(found(new Value.Numbers(all), "(0043,GEMS_PARM_01,02-04)"))
                : Optional.empty();
    }

    /** GE adds 10^9 or 2^28 to a b-value of some directions. */
    private static Optional<DicomValues.Found> geDiffusion(DicomValues in) {
        return in.privateElement(0x0043, "GEMS_PARM_01", 0x39)
                .map(element -> element.doubles())
                .filter(numbers ->
                        numbers.length > 0 && Arrays.stream(numbers).limit(1).allMatch(Double::isFinite))
                .map(numbers ->
                        found(Value.of(numbers[0] >= 1e9 ? numbers[0] - 1e9 : numbers[0]), "(0043,GEMS_PARM_01,39)"));
    }
}
