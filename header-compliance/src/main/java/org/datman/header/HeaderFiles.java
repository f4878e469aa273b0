package org.datman.header;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.imaging.dicom.DicomReader;

/** Reads the parameter record of a path: a DICOM file, a sidecar, or a folder with one series and at most one sidecar. */
public final class HeaderFiles {

    private HeaderFiles() {}

    /**
     * Reads.
     *
     * @throws IOException if it is none of the three, cannot be read, or the folder holds several series; the message names the file
     */
    public static ParameterRecord read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return folder(path);
        }
        if (!Files.isReadable(path)) {
            throw new IOException(path + " does not exist or cannot be read");
        }
        try {
            return isSidecar(path)
                    ? SidecarRecords.read(path)
                    : DicomRecords.of(DicomReader.read(path).dataset());
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    private static boolean isSidecar(Path path) {
        return path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".json");
    }

    private static ParameterRecord folder(Path folder) throws IOException {
        List<Path> dicoms = new ArrayList<>();
        List<Path> sidecars = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (isSidecar(file)) {
                    sidecars.add(file);
                } else if (DicomReader.isDicom(file)) {
                    dicoms.add(file);
                }
            }
        }
        if (sidecars.size() > 1) {
            throw new IOException(
                    folder + " holds " + sidecars.size() + " sidecars; name one of them, or a folder with one");
        }
        SeriesRecords series = new SeriesRecords();
        for (Path dicom : dicoms) {
            try {
                series.add(DicomReader.read(dicom).dataset());
            } catch (IOException e) {
                throw new IOException(dicom + ": " + e.getMessage(), e);
            }
        }
        if (series.series() > 1) {
            throw new IOException(folder + " holds " + series.series() + " series; name a folder with one");
        }
        Optional<ParameterRecord> headers = series.build();
        if (headers.isEmpty() && sidecars.isEmpty()) {
            throw new IOException(folder + " holds no DICOM file and no sidecar");
        }
        if (sidecars.isEmpty()) {
            return headers.get();
        }
        ParameterRecord sidecar = read(sidecars.get(0));
        return headers.map(record -> record.merge(sidecar)).orElse(sidecar);
    }
}
