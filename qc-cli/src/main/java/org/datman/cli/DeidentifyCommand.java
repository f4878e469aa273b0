package org.datman.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.deidentification.BurnedIn;
import org.datman.imaging.deidentification.Deidentification;
import org.datman.imaging.deidentification.Pseudonyms;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.ReadOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies DICOM files without what identifies the person, to leave the lab. */
@Command(
        name = "deidentify",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the DICOM files of a folder without what identifies the person, by the Basic Profile of DICOM PS3.15, with dates",
            "moved by as many days for all files of a person. Files with the same secret fit together."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every file was copied",
            "1:some were not; each is named with the reason",
            "2:wrong arguments, or something cannot be read or written"
        })
public final class DeidentifyCommand implements Callable<Integer> {

    private static final int SECRET_BYTES = 32;

    @Parameters(index = "0", paramLabel = "DIR", description = "The DICOM files, at any depth.")
    private Path from;

    @Parameters(index = "1", paramLabel = "OUT", description = "Where the copies go: OUT/PERSON/SERIES/NUMBER.dcm.")
    private Path to;

    @Option(
            names = "--secret",
            required = true,
            paramLabel = "FILE",
            description =
                    "From which pseudonyms, dates and UIDs follow; made if it is not there. Keep it as carefully as the names.")
    private Path secret;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new DeidentifyCommand()).execute(args));
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (!Files.isDirectory(from)) {
            return wrong(from + " is no folder");
        }
        if (Files.exists(to)) {
            return wrong(to + " is there already; name a new folder");
        }
        Map<String, Integer> numbers = new TreeMap<>();
        int copied = 0;
        int refused = 0;
        try {
            Pseudonyms pseudonyms = new Pseudonyms(secretBytes());
            List<Path> files;
            try (Stream<Path> found = Files.walk(from)) {
                files = found.filter(Files::isRegularFile).sorted().toList();
            }
            for (Path file : files) {
                Optional<String> reason = copy(file, pseudonyms, numbers);
                reason.ifPresent(text -> out.println(from.relativize(file) + ": not copied, " + text));
                copied += reason.isPresent() ? 0 : 1;
                refused += reason.isPresent() ? 1 : 0;
            }
        } catch (IOException | IllegalArgumentException e) {
            return wrong(e.getMessage());
        }
        out.printf(Locale.ROOT, "%d files copied, %d not%n", copied, refused);
        out.flush();
        return refused == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** Why a file is not copied; empty when it is. */
    private Optional<String> copy(Path file, Pseudonyms pseudonyms, Map<String, Integer> numbers) throws IOException {
        try {
            Optional<DicomHeader> read = DicomReader.readIfDicom(file, ReadOptions.WHOLE);
            if (read.isEmpty()) {
                return Optional.of("it is not DICOM");
            }
            DicomHeader header = read.get();
            if (header.pixelData().isEmpty()) {
                return Optional.of("it has no image, and a report may hold anything");
            }
            if (BurnedIn.isLikelyIn(header)) {
                return Optional.of(
                        "it is a screenshot or secondary capture, whose pixels may show text about the person");
            }
            Path folder = Files.createDirectories(to.resolve(Deidentification.pseudonym(header, pseudonyms))
                    .resolve(header.string("SeriesNumber")
                            .filter(number -> number.matches("\\d{1,12}"))
                            .orElse("0")));
            int number = numbers.merge(folder.toString(), 1, Integer::sum);
            Deidentification.copyToLeave(
                    file, folder.resolve(String.format(Locale.ROOT, "%06d.dcm", number)), pseudonyms);
            return Optional.empty();
        } catch (ImageFormatException e) {
            return Optional.of(e.getMessage());
        }
    }

    private byte[] secretBytes() throws IOException {
        if (Files.exists(secret)) {
            return Files.readAllBytes(secret);
        }
        byte[] made = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(made);
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(secret, made, StandardOpenOption.WRITE);
        return made;
    }

    private int wrong(@Nullable String message) {
        spec.commandLine().getErr().println(message);
        spec.commandLine().getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }
}
