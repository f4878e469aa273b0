package org.datman.export.reuse;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.study.Format;
import org.datman.export.convert.ConvertedImage;
import org.datman.export.convert.Dcm2niix;
import org.datman.export.index.SeriesState;
import org.datman.export.layout.ExportInputs;
import org.datman.export.request.ExportKey;
import org.datman.export.request.ExportRequest;
import org.datman.export.work.WorkDirectory;
import org.datman.platform.archive.Archive;
import org.jspecify.annotations.Nullable;

/** The published files of a scan, as they are in the archive now. */
@ApplicationScoped
public class CurrentExport {

    private final Archive archive;
    private final Dcm2niix dcm2niix;

    public CurrentExport(Archive archive, Dcm2niix dcm2niix) {
        this.archive = archive;
        this.dcm2niix = dcm2niix;
    }

    /** Whether the request can be served without reading the series again. */
    public Reuse reuse(ExportRequest request, Path workDir) throws IOException {
        SeriesState state = request.reusable().orElse(null);
        if (state == null) {
            return Reuse.NONE;
        }
        SeriesExported exported = state.exported().orElseThrow();
        String conversionKey = conversionKey(exported, request);
        // No DICOM file serves as well: one that was refused is not asked for again and again.
        boolean serves = state.dicoms().stream().allMatch(dicom -> dicom.serves(request.keptDicom()));
        boolean same = serves && request.isSame(exported, conversionKey);
        boolean sameConversion = state.conversionKey().equals(conversionKey);
        boolean hasFormats = !request.wants(Format.DCM) || !state.dicoms().isEmpty() && serves;
        if (!same && !(sameConversion && hasFormats) || !lost(state).isEmpty()) {
            return Reuse.NONE;
        }
        return same ? new Reuse(state, null) : new Reuse(null, linked(state, workDir));
    }

    /**
     * The files of a state for other names, when the series cannot be exported again.
     *
     * @return empty when they have the names of the request already, or lack a requested format
     */
    public Optional<ExportInputs> forNewNames(ExportRequest request, SeriesState state, Path workDir)
            throws IOException {
        if (request.isSame(state.exported().orElseThrow(), state.conversionKey())
                || request.wants(Format.DCM) && state.dicoms().isEmpty()
                || request.wants(Format.NII) && state.images().isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(linked(state, workDir));
    }

    /** The files of a state that are missing or not byte-identical to what was published. */
    public List<FileRef> lost(SeriesState state) throws IOException {
        List<FileRef> lost = new ArrayList<>();
        for (FileRef file : state.files()) {
            if (archive.verify(file).isPresent()) {
                lost.add(file);
            }
        }
        return lost;
    }

    /** Identity of the images that the installed converter would create from the source of an export. */
    private String conversionKey(SeriesExported exported, ExportRequest request) {
        boolean converted = request.wants(Format.NII);
        return ExportKey.ofConversion(
                exported.source().orElseThrow().sha256(),
                converted ? dcm2niix.version() : "",
                Dcm2niix.parameters(),
                converted,
                request.tagged());
    }

    /** The published files of a state, linked into the work directory, not copied, if possible; null without provenance. */
    private @Nullable ExportInputs linked(SeriesState state, Path workDir) throws IOException {
        Optional<FileRef> provenanceFile = state.file(FileRole.PROVENANCE);
        if (provenanceFile.isEmpty()) {
            return null;
        }
        Provenance provenance = EventJson.mapper()
                .readValue(archive.resolve(provenanceFile.get().path()).toFile(), Provenance.class);
        List<ConvertedImage> images = new ArrayList<>();
        for (SeriesState.KeptImage image : state.images()) {
            Map<FileRole, Path> files = new LinkedHashMap<>();
            for (FileRef file : image.files()) {
                files.put(file.role(), link(file, workDir));
            }
            images.add(new ConvertedImage(image.facts(), files, List.of()));
        }
        List<ExportInputs.Dicom> dicoms = new ArrayList<>();
        for (SeriesState.KeptDicom dicom : state.dicoms()) {
            dicoms.add(new ExportInputs.Dicom(
                    dicom.facts(),
                    link(dicom.file(), workDir),
                    new ExportInputs.Kept(
                            dicom.form().orElse(null),
                            dicom.originalSha256().orElse(dicom.file().sha256()))));
        }
        Optional<FileRef> log = state.file(FileRole.LOG);
        return new ExportInputs(
                images,
                dicoms,
                log.isPresent() ? link(log.get(), workDir) : null,
                provenance.source(),
                provenance.conversion().orElse(null),
                state.conversionKey());
    }

    private Path link(FileRef file, Path workDir) throws IOException {
        Path target = workDir.resolve("kept-" + file.role() + "-" + file.sha256());
        return Files.exists(target) ? target : WorkDirectory.linkOrCopy(archive.resolve(file.path()), target);
    }
}
