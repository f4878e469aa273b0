package org.datman.export.reproduce;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.SessionRef;
import org.datman.export.convert.Dcm2niix;
import org.datman.export.convert.Decompressor;
import org.datman.export.convert.SeriesConversion;
import org.datman.export.index.SeriesState;
import org.datman.export.index.SeriesStates;
import org.datman.export.series.Reproduction;
import org.datman.export.series.Reproduction.Result;
import org.datman.export.work.WorkDirectory;
import org.datman.export.xnat.Xnat;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.xnat.CallObserver;
import org.datman.xnat.ImageSource;
import org.datman.xnat.OrthancNames;
import org.datman.xnat.Secrets;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatException;

/**
 * {@code datman verify --reproduce}: a program of its own beside the service, with the same code and without its framework. It has the
 * settings of the service's environment: {@code DATMAN_ARCHIVE}, {@code DATMAN_XNAT_URL}, {@code DATMAN_XNAT_USER}, and so on.
 */
public final class ReproduceMain {

    private static final int MEMORY_MIB = 8192;

    private ReproduceMain() {}

    /**
     * Runs it.
     *
     * @param arguments the number of scans, the seed of their choice, and the file that gets one JSON object per scan
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> environment = System.getenv();
        Archive archive = new Archive(Path.of(setting(environment, "DATMAN_ARCHIVE", "")), false);
        String server = setting(environment, "DATMAN_XNAT_SERVER", "xnat");
        Dcm2niix dcm2niix =
                Dcm2niix.of(setting(environment, "DATMAN_DCM2NIIX", "dcm2niix"), Duration.ofMinutes(30), MEMORY_MIB);
        Decompressor decompressor = Decompressor.of(
                setting(environment, "DATMAN_GDCMCONV", "gdcmconv"),
                setting(environment, "DATMAN_DCMDJPLS", "dcmdjpls"),
                Duration.ofMinutes(2));
        try (ImageSource client = SourceKind.of("DATMAN_XNAT_KIND", setting(environment, "DATMAN_XNAT_KIND", "xnat"))
                        .open(
                                XnatConfig.of(
                                        URI.create(setting(environment, "DATMAN_XNAT_URL", "")),
                                        server,
                                        setting(environment, "DATMAN_XNAT_USER", ""),
                                        Secrets.of(
                                                environment.get("DATMAN_XNAT_PASSWORD"),
                                                Optional.ofNullable(environment.get("DATMAN_XNAT_PASSWORD_FILE"))
                                                        .map(Path::of)
                                                        .orElse(null))),
                                OrthancNames.DEFAULT,
                                CallObserver.NONE);
                BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[2]))) {
            Reproduction reproduction = new Reproduction(
                    new Xnat(Map.of(server, client)), new SeriesConversion(dcm2niix, decompressor), archive);
            SeriesStates states = new SeriesStates(archive);
            WorkDirectory work = new WorkDirectory(
                    Optional.ofNullable(environment.get("DATMAN_SCRATCH")).map(Path::of), archive);
            for (SeriesState state :
                    sample(candidates(states), Integer.parseInt(arguments[0]), Long.parseLong(arguments[1]))) {
                out.write(EventJson.mapper().writeValueAsString(one(reproduction, states, state, work)));
                out.newLine();
                out.flush();
            }
        }
    }

    private static Result one(Reproduction reproduction, SeriesStates states, SeriesState state, WorkDirectory work)
            throws IOException {
        try (WorkDirectory.Folder folder = work.open()) {
            return reproduction.reproduce(state, states.all(state.tagged().session()), folder.path());
        } catch (XnatException | OutageException | PermanentException e) {
            return new Result(
                    state.tagged().identity(), Reproduction.Outcome.FAILED, 0, String.valueOf(e.getMessage()));
        }
    }

    /** The scans with images, in order. */
    private static List<SeriesState> candidates(SeriesStates states) throws IOException {
        List<SeriesState> all = new ArrayList<>();
        for (SessionRef session : states.sessions()) {
            states.all(session).stream().filter(Reproduction::hasImages).forEach(all::add);
        }
        return all;
    }

    /** Some of them, by chance; the same for the same seed. */
    static <T> List<T> sample(List<T> all, int number, long seed) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled.subList(0, Math.min(number, shuffled.size()));
    }

    private static String setting(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, otherwise);
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }
}
