package org.datman.imaging.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.imaging.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real NIfTI files against the dims, affines and voxel digests that were recorded for them. */
class NiftiReferenceTest {

    private static final int SHAPE = 5;
    private static final int SLOPE = 8;
    private static final int AFFINE = 10;
    private static final int DIGEST = 11;
    private static final int PUBLISHED = 13;

    @TempDir
    Path dir;

    /** A row of a reference table with the published file that has the same voxels. */
    private record Reference(Path file, String[] row) {

        private int[] shape() {
            return Arrays.stream(row[SHAPE].split("x"))
                    .mapToInt(Integer::parseInt)
                    .toArray();
        }
    }

    @Test
    void publishedFilesHaveTheRecordedShapeAffineAndVoxels() throws IOException {
        // Given
        List<Reference> references = references();

        // When
        List<Reference> digestsEqual = new ArrayList<>();
        for (Reference reference : references) {
            if (NiftiReader.voxelDigest(reference.file).equals(reference.row[DIGEST])) {
                digestsEqual.add(reference);
            }
        }

        // Then
        assertThat(references).hasSizeGreaterThan(10);
        assertThat(digestsEqual).isEqualTo(references);
        for (Reference reference : references) {
            NiftiHeader header = header(reference.file);
            int[] shape = reference.shape();
            assertThat(header.dims()).isEqualTo(Arrays.stream(shape).boxed().toList());
            assertThat(header.slope())
                    .isCloseTo(Double.parseDouble(reference.row[SLOPE].split(",")[0]), withinPercentage(0.01));
            double[] recorded = Arrays.stream(reference.row[AFFINE].split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            double[] ours = Arrays.stream(header.affine())
                    .limit(3)
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            assertThat(ours).as(reference.file.toString()).containsExactly(recorded, within(2e-3));
        }
    }

    private static NiftiHeader header(Path file) throws IOException {
        try (NiftiReader reader = NiftiReader.open(file)) {
            return reader.header();
        }
    }

    private static List<Reference> references() throws IOException {
        List<Path> tables;
        try (Stream<Path> files = Files.walk(SharedData.folder(), 2)) {
            tables = files.filter(file -> file.endsWith("reference.tsv"))
                    .sorted()
                    .toList();
        }
        List<Reference> references = new ArrayList<>();
        for (Path table : tables) {
            for (String line : Files.readAllLines(table)) {
                String[] row = line.split("\t", -1);
                for (String name : row[PUBLISHED].split(";")) {
                    Path file = table.resolveSibling("ref").resolve(name + ".gz");
                    if (name.endsWith(".nii") && Files.exists(file)) {
                        references.add(new Reference(file, row));
                    }
                }
            }
        }
        return references;
    }

    @Test
    void aRealImageWrittenAgainInAnotherFormHasTheSameVoxels() throws IOException {
        // Given
        Path bigEndian = SharedData.folder().resolve("nifti").resolve("anatomical.nii");
        NiftiImage image = NiftiImage.read(bigEndian);
        assertThat(image.header().byteOrder()).isEqualTo(ByteOrder.BIG_ENDIAN);
        Path copy = dir.resolve("copy.nii.gz");

        // When
        NiftiWriter.write(copy, image.header().withFormat(2, ByteOrder.LITTLE_ENDIAN), List.of(image.volumes()));

        // Then
        assertThat(NiftiReader.voxelDigest(copy)).isEqualTo(NiftiReader.voxelDigest(bigEndian));
        assertThat(NiftiImage.read(copy).header().affine())
                .isDeepEqualTo(image.header().affine());
    }

    @Test
    void theRealExamplesAreRead() throws IOException {
        // Given
        Path folder = SharedData.folder().resolve("nifti");

        // When
        String shapes = Stream.of("functional.nii", "anatomical.nii", "example4d.nii.gz", "pcasl.nii.gz")
                .map(name -> shape(folder.resolve(name)))
                .collect(Collectors.joining(" "));

        // Then
        assertThat(shapes)
                .isEqualTo("[17, 21, 3, 20]INT16 [33, 41, 25]INT16 [128, 96, 24, 2]INT16 [52, 68, 20, 10]FLOAT32");
    }

    private static String shape(Path file) {
        try {
            NiftiImage image = NiftiImage.read(file);
            return image.header().dims().toString() + image.header().dataType();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
