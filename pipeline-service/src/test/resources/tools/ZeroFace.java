import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Stands in for a tool that defaces: the first quarter of the voxels of an uncompressed NIfTI becomes 0. */
final class ZeroFace {
    private ZeroFace() {}

    public static void main(String[] arguments) throws Exception {
        byte[] image = Files.readAllBytes(Path.of(arguments[0]));
        Arrays.fill(image, 352, 352 + (image.length - 352) / 4, (byte) 0);
        Files.write(Path.of(arguments[1]), image);
    }
}
