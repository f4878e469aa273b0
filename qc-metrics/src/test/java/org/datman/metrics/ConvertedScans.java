package org.datman.metrics;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The shared real scans, converted by dcm2niix. Tests that ask for one are skipped where they, or dcm2niix, are absent. */
public final class ConvertedScans {

    private ConvertedScans() {}

    /**
     * The images of one archive, with their sidecars beside them, named by series number and description.
     *
     * @param folder to work in; files are left there
     * @param archive session and archive, without .tar.xz
     */
    public static List<Path> converted(Path folder, String archive) throws IOException, InterruptedException {
        OtherProgram.needed("dcm2niix", "dcm2niix");
        String property = System.getProperty("datman.shared-data", "");
        Path packed = Path.of(property).resolve(archive + ".tar.xz");
        assumeTrue(!property.isEmpty() && Files.isReadable(packed), "skipped: there is no " + archive + ".tar.xz");
        Path dicom = Files.createDirectory(folder.resolve("dicom"));
        int exit = new ProcessBuilder("tar", "-xJf", packed.toString(), "-C", dicom.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start()
                .waitFor();
        assumeTrue(exit == 0, "skipped: tar could not unpack xz archives");
        OtherProgram.run(folder, "dcm2niix", "-b", "y", "-z", "n", "-f", "%s_%d", "-o", folder, dicom);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".nii")).sorted().toList();
        }
    }

    /** The sidecar of an image. */
    public static Path sidecar(Path nifti) {
        return nifti.resolveSibling(nifti.getFileName().toString().replaceFirst("\\.nii$", ".json"));
    }
}
