package org.datman.export.convert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.datman.export.dicom.DicomImage;
import org.datman.export.dicom.Pixels;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;

/**
 * Finds a source DICOM file of an image if echo and part are ambiguous: a series with both polarities (GE's
 * epi_pepolar numbers its volumes and reverses every second one). Compares slice values, so that it is independent of the
 * converter's rule for splitting the series, and of its slice order.
 */
final class OwnDicom {

    private OwnDicom() {}

    /** The images with their files; unchanged if no other image has the same echo and part, or no file has a slice's values. */
    static List<ConvertedImage> find(List<ConvertedImage> images, List<DicomImage> dicoms) throws IOException {
        List<ConvertedImage> found = new ArrayList<>();
        for (ConvertedImage image : images) {
            boolean ambiguous = images.stream()
                    .map(ConvertedImage::facts)
                    .anyMatch(other -> other.echo() == image.facts().echo()
                            && other.part() == image.facts().part()
                            && !other.phaseEncodingDirection()
                                    .equals(image.facts().phaseEncodingDirection()));
            Optional<String> path = ambiguous ? file(image, dicoms) : Optional.empty();
            found.add(path.map(own -> image.with(image.facts().withOwnDicom(Optional.of(own))))
                    .orElse(image));
        }
        return found;
    }

    private static Optional<String> file(ConvertedImage image, List<DicomImage> dicoms) throws IOException {
        Set<Content> slices = slices(image.nifti());
        for (DicomImage dicom : dicoms) {
            if (isOfSameKind(dicom, image.facts())
                    && slice(dicom).filter(slices::contains).isPresent()) {
                return Optional.of(dicom.facts().path());
            }
        }
        return Optional.empty();
    }

    private static boolean isOfSameKind(DicomImage dicom, ImageFacts facts) {
        return dicom.facts().part() == facts.part()
                && dicom.facts().echoNumber().map(echo -> echo == facts.echo()).orElse(true);
    }

    /** Digest of a slice, independent of the pixel order. */
    private record Content(int pixels, long sum, long squares) {

        /** Of 16-bit words; empty for a slice of zeros, which is not distinguishable. */
        static Optional<Content> of(ByteBuffer words) {
            int pixels = words.remaining() / Short.BYTES;
            long sum = 0;
            long squares = 0;
            while (words.remaining() >= Short.BYTES) {
                long value = words.getShort() & 0xffff;
                sum += value;
                squares += value * value;
            }
            return sum == 0 ? Optional.empty() : Optional.of(new Content(pixels, sum, squares));
        }
    }

    /** The slices of the first volume. */
    private static Set<Content> slices(Path nifti) throws IOException {
        NiftiHeader header;
        try (NiftiReader reader = NiftiReader.open(nifti)) {
            header = reader.header();
        }
        Set<Content> slices = new HashSet<>();
        if (header.dataType() != NiftiDataType.INT16 && header.dataType() != NiftiDataType.UINT16) {
            return slices;
        }
        int bytes = header.nx() * header.ny() * Short.BYTES;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(nifti))) {
            in.skipNBytes(header.voxOffset());
            for (int k = 0; k < header.nz(); k++) {
                ByteBuffer slice = ByteBuffer.wrap(in.readNBytes(bytes)).order(header.byteOrder());
                Content.of(slice).ifPresent(slices::add);
            }
        }
        return slices;
    }

    /** The first frame; empty when its pixels are compressed or not 16-bit words. */
    private static Optional<Content> slice(DicomImage dicom) throws IOException {
        Pixels pixels = dicom.pixels();
        long bytes = (long) dicom.header().rows() * dicom.header().columns() * Short.BYTES;
        if (pixels.encapsulated()
                || pixels.offset() < 0
                || pixels.bitsAllocated() != Short.SIZE
                || pixels.length() < bytes
                || bytes > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(dicom.file().local(), StandardOpenOption.READ)) {
            channel.position(pixels.offset());
            byte[] words = Channels.newInputStream(channel).readNBytes((int) bytes);
            return Content.of(
                    ByteBuffer.wrap(words).order(pixels.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN));
        }
    }
}
