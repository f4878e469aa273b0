package org.datman.export.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.study.Part;
import org.datman.export.dicom.SourceHeaders;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.deidentification.PersonalNames;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiHeaderEdits;
import org.datman.imaging.nifti.NiftiReader;
import org.jspecify.annotations.Nullable;

/** Collects the output of dcm2niix. Every file is accounted for: it belongs to an image, or it is reported. */
final class ConvertedImages {

    /** {@code i_<series>_<echo><suffixes>} of {@link Dcm2niix#PARAMETERS}. */
    private static final Pattern NAME = Pattern.compile("i_(-?\\d+)_(\\d+)(.*)");

    private static final Pattern LAST_TOKEN =
            Pattern.compile("(.*[0-9]|.*ph|.*real|.*imaginary|.*fieldmaphz|)([a-z]{1,2})");
    private static final Set<String> PART_TOKENS = Set.of("ph", "real", "imaginary", "fieldmaphz");
    private static final Pattern ECHO_TOKEN = Pattern.compile("e\\d+");

    private ConvertedImages() {}

    /**
     * All readable images; an unreadable one is a problem. Personal names and free text are removed from sidecars and NIfTI
     * headers, and the uncompressed files are deleted.
     *
     * @param corrections receives the changes made to the converter's sidecars and headers
     */
    static List<ConvertedImage> collect(
            Path out, SourceHeaders source, List<String> problems, List<String> remarks, List<String> corrections)
            throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(out)) {
            all = files.sorted().toList();
        }
        PersonalNames names = source.names();
        Set<Path> accounted = new HashSet<>();
        List<ConvertedImage> images = new ArrayList<>();
        for (Path nifti : all) {
            String name = nifti.getFileName().toString();
            if (!name.endsWith(".nii")) {
                continue;
            }
            String base = name.substring(0, name.length() - ".nii".length());
            accounted.add(nifti);
            Map<FileRole, Path> files = new LinkedHashMap<>();
            for (FileRole companion : List.of(FileRole.SIDECAR, FileRole.BVAL, FileRole.BVEC)) {
                Path file = out.resolve(base + (companion == FileRole.SIDECAR ? ".json" : "." + companion));
                if (all.contains(file)) {
                    accounted.add(file);
                    files.put(companion, file);
                }
            }
            if (resampled(base)) {
                // Reported together with the missing slices, whose gaps dcm2niix fills by interpolation.
                remarks.add("dcm2niix also made a resampled copy, which is not a separate image and is not kept");
                Files.delete(nifti);
                continue;
            }
            try {
                images.add(image(nifti, base, files, source, names, corrections));
            } catch (ImageFormatException e) {
                problems.add("an image created by dcm2niix is incomplete: " + e.getMessage());
            }
        }
        all.stream()
                .filter(file -> !accounted.contains(file))
                .forEach(file -> remarks.add("dcm2niix also left '" + file.getFileName() + "', which is not kept"));
        return images;
    }

    /** The centres of the outermost voxels in patient coordinates (LPS, mm), from an affine to RAS. */
    private static List<List<Double>> corners(double[][] affine, int nx, int ny, int nz) {
        List<List<Double>> corners = new ArrayList<>();
        for (int k : new int[] {0, nz - 1}) {
            for (int j : new int[] {0, ny - 1}) {
                for (int i : new int[] {0, nx - 1}) {
                    double x = affine[0][0] * i + affine[0][1] * j + affine[0][2] * k + affine[0][3];
                    double y = affine[1][0] * i + affine[1][1] * j + affine[1][2] * k + affine[1][3];
                    double z = affine[2][0] * i + affine[2][1] * j + affine[2][2] * k + affine[2][3];
                    corners.add(List.of(-x, -y, z));
                }
            }
        }
        return corners;
    }

    private static boolean resampled(String base) {
        Matcher name = NAME.matcher(base);
        return name.matches() && tokens(name.group(3)).contains("Eq");
    }

    private static ConvertedImage image(
            Path nifti,
            String base,
            Map<FileRole, Path> files,
            SourceHeaders source,
            PersonalNames names,
            List<String> corrections)
            throws IOException {
        NiftiHeader header;
        try (NiftiReader reader = NiftiReader.open(nifti)) {
            header = reader.header();
        }
        NiftiHeaderEdits.clean(nifti);
        List<String> changes = new ArrayList<>();
        Path json = files.get(FileRole.SIDECAR);
        BidsSidecar sidecar =
                json == null ? null : BidsSidecar.read(json, changes).orElse(null);
        if (json != null && sidecar != null) {
            changes.addAll(Corrections.make(sidecar, nifti, header, facts(base, header, sidecar, ""), source));
            List<String> unfit = sidecar.keepListed(names);
            if (!unfit.isEmpty()) {
                changes.add(
                        "left out of the sidecar, because their values hold names or are not what the field is for: "
                                + String.join(", ", unfit));
            }
            sidecar.write(json);
        } else if (files.remove(FileRole.SIDECAR) != null) {
            changes.add("the sidecar is not JSON and was left out");
        }
        changes.forEach(change -> corrections.add("image '" + base + "': " + change));
        Path compressed = nifti.resolveSibling(base + ".nii.gz");
        String sha256 = Gzip.compress(nifti, compressed);
        Files.delete(nifti);
        Map<FileRole, Path> ordered = new LinkedHashMap<>();
        ordered.put(FileRole.NIFTI, compressed);
        ordered.putAll(files);
        return new ConvertedImage(
                facts(base, header, sidecar, sha256),
                ordered,
                corners(header.affine(), header.nx(), header.ny(), header.nz()));
    }

    private static ImageFacts facts(String base, NiftiHeader header, @Nullable BidsSidecar json, String sha256) {
        Optional<BidsSidecar> sidecar = Optional.ofNullable(json);
        Matcher name = NAME.matcher(base);
        boolean parsed = name.matches();
        List<String> tokens = parsed ? tokens(name.group(3)) : List.of(base);
        String ending = String.join(
                "-",
                tokens.stream()
                        .filter(token -> !PART_TOKENS.contains(token)
                                && !ECHO_TOKEN.matcher(token).matches())
                        .toList());
        List<String> imageType = sidecar.map(one -> one.texts("ImageType")).orElse(List.of());
        return new ImageFacts(
                parsed ? (int) Math.max(1, number(name.group(2))) : 1,
                sidecar.flatMap(one -> one.real("EchoTime")).map(seconds -> seconds * 1000),
                part(tokens, sidecar.flatMap(one -> one.text("Units")).orElse("")),
                ending,
                parsed ? number(name.group(1)) : 0,
                sidecar.flatMap(one -> one.number("AcquisitionNumber")).orElse(0),
                imageType.contains("DERIVED"),
                List.of(header.nx(), header.ny(), header.nz(), (int) header.volumeCount()),
                header.dataType().name(),
                sha256,
                sidecar.flatMap(one -> one.text("PhaseEncodingDirection")),
                Optional.empty());
    }

    private static long number(String digits) {
        return digits.length() > 18 ? 0 : Long.parseLong(digits);
    }

    /** The suffixes, without the letter that dcm2niix appends to a duplicate name: it depends on the order of reading. */
    static List<String> tokens(String suffixes) {
        List<String> tokens = new ArrayList<>();
        for (String token : suffixes.split("_")) {
            Matcher taken = LAST_TOKEN.matcher(token);
            String bare = !PART_TOKENS.contains(token) && taken.matches() ? taken.group(1) : token;
            if (!bare.isEmpty()) {
                tokens.add(bare);
            }
        }
        return tokens;
    }

    private static Part part(List<String> tokens, String units) {
        if (tokens.contains("fieldmaphz") || units.equals("Hz")) {
            return Part.FIELDMAP;
        } else if (tokens.contains("ph")) {
            return Part.PHASE;
        } else if (tokens.contains("real")) {
            return Part.REAL;
        } else if (tokens.contains("imaginary")) {
            return Part.IMAGINARY;
        }
        return Part.MAGNITUDE;
    }
}
