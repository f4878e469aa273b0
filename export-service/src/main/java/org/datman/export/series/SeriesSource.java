package org.datman.export.series;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.BurnedInText;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.Provenance.SourceFile;
import org.datman.contracts.study.Format;
import org.datman.export.completeness.SeriesCount;
import org.datman.export.convert.Conversion;
import org.datman.export.convert.Dcm2niix;
import org.datman.export.convert.PixelPreparation;
import org.datman.export.convert.SeriesConversion;
import org.datman.export.convert.SeriesConversion.Converted;
import org.datman.export.dicom.DicomImage;
import org.datman.export.dicom.SourceFiles;
import org.datman.export.download.DownloadException;
import org.datman.export.download.RemoteFolder;
import org.datman.export.download.SeriesDownload;
import org.datman.export.download.SeriesDownload.ScanFolder;
import org.datman.export.download.VerifiedDownload;
import org.datman.export.download.VerifiedFile;
import org.datman.export.layout.ExportInputs;
import org.datman.export.outcome.ExportIssues;
import org.datman.export.request.ExportKey;
import org.datman.export.request.ExportRequest;
import org.datman.export.request.Parts;
import org.datman.export.request.SeriesFailure;
import org.datman.export.xnat.Xnat;
import org.datman.platform.archive.Archive;
import org.datman.xnat.ResourceRef;
import org.jspecify.annotations.Nullable;

/** Downloads a series and converts it, in the work directory. */
@ApplicationScoped
class SeriesSource {

    /** Name pattern of a file in the converter's input folder. */
    private static final Pattern SCRATCH_NAME = Pattern.compile("\\bin/(?:part-\\d+/)?([A-Za-z0-9._-]+[A-Za-z0-9_-])");

    private final Xnat xnat;
    private final SeriesConversion conversion;
    private final StepTimes times;
    private final Archive archive;

    SeriesSource(Xnat xnat, SeriesConversion conversion, StepTimes times, Archive archive) {
        this.archive = archive;
        this.xnat = xnat;
        this.conversion = conversion;
        this.times = times;
    }

    /**
     * Downloads and converts the series, or the series that form one image.
     *
     * @throws SeriesFailure when its data cannot be exported
     * @throws org.datman.xnat.XnatDenied when XNAT denies them to this account
     */
    ExportInputs fetch(ExportRequest request, Path workDir) throws IOException, SeriesFailure {
        Parts parts = request.parts();
        StepTimes.Watch watch = times.start();
        VerifiedDownload download = download(parts, workDir);
        watch.done("download");
        BurnedInText burnedIn = request.tagged().burnedInText().orElse(BurnedInText.WITHHELD);
        SourceFiles files = SourceFiles.read(download, burnedIn);
        SeriesCount count = SeriesCount.of(
                files.images().stream().map(DicomImage::header).toList(),
                !parts.areOne(),
                files.withheld().stream().map(SourceFiles.Withheld::instance).toList());
        Provenance.Source source = source(download, files, count);
        watch.done("headers");
        List<DicomImage> images = files.imagesExcept(count.brokenVolumes());
        if (images.isEmpty()) {
            throw new SeriesFailure(noImages(files));
        }
        if (!request.wants(Format.NII)) {
            return inputs(request, images, source, null, null);
        }
        Converted converted = conversion.convert(images, brokenFrames(files, count), count, !parts.areOne(), workDir);
        watch.done("conversion");
        Provenance.Conversion summary = provenance(converted, source);
        // Files that only need a missing program are kept as DICOM until it is installed.
        boolean keepsDicom =
                request.wants(Format.DCM) && !converted.prepared().undone().isEmpty();
        if (converted.conversion().images().isEmpty() && !keepsDicom) {
            throw nothingConverted(source, summary, parts);
        }
        return inputs(request, converted.prepared().images(), source, summary, converted.conversion());
    }

    private static Map<Path, Set<Integer>> brokenFrames(SourceFiles files, SeriesCount count) {
        Map<Path, Set<Integer>> frames = new HashMap<>();
        count.brokenFrames()
                .forEach((file, numbers) ->
                        frames.put(files.images().get(file).file().local(), numbers));
        return frames;
    }

    private ExportInputs inputs(
            ExportRequest request,
            List<DicomImage> dicoms,
            Provenance.Source source,
            Provenance.@Nullable Conversion summary,
            @Nullable Conversion made) {
        return new ExportInputs(
                made == null ? List.of() : made.images(),
                dicoms.stream()
                        .map(image -> new ExportInputs.Dicom(
                                image.facts(), image.file().local(), null))
                        .toList(),
                made == null ? null : made.log(),
                source,
                summary,
                ExportKey.ofConversion(
                        source.sha256(),
                        made == null ? "" : conversion.version(),
                        Dcm2niix.parameters(),
                        made != null,
                        request.tagged()));
    }

    private VerifiedDownload download(Parts parts, Path workDir) throws IOException, SeriesFailure {
        try {
            return SeriesDownload.fetch(
                    parts.series().stream()
                            .map(part -> new ScanFolder(part.scan(), folder(part)))
                            .toList(),
                    workDir.resolve(Dcm2niix.INPUT));
        } catch (DownloadException e) {
            throw new SeriesFailure(e.reason());
        }
    }

    private RemoteFolder folder(SeriesTagged tagged) {
        RemoteFolder folder = xnat.folder(
                tagged.session(),
                ResourceRef.ofScan(
                        tagged.session().accession(),
                        tagged.scan(),
                        tagged.resource().orElseThrow()));
        return tagged.uid().map(uid -> folder.orAdopted(archive.root(), uid)).orElse(folder);
    }

    private static Reason noImages(SourceFiles files) {
        if (files.broken().isEmpty() && !files.withheld().isEmpty()) {
            return ExportIssues.burnedIn(files.withheld().size() + " files");
        }
        List<String> what = new ArrayList<>();
        if (!files.withoutPixels().isEmpty()) {
            what.add(files.withoutPixels().size() + " DICOM files without pixels");
        }
        if (!files.notDicom().isEmpty()) {
            what.add(files.notDicom().size() + " files that are not DICOM");
        }
        files.broken().stream()
                .findFirst()
                .ifPresent(first -> what.add(files.broken().size() + " truncated or corrupt files, the first '"
                        + SeriesDownload.shown(first.file().path()) + "': " + first.problem()));
        return files.broken().isEmpty()
                ? new Reason(
                        "no-images",
                        "The series contains no image: " + String.join(", ", what),
                        "If such series come regularly, add an Ignore rule to the study configuration")
                : new Reason(
                        "broken-dicom",
                        "The series contains no readable image: " + String.join(", ", what),
                        "Send the series from the scanner again; the server has the files in this state");
    }

    private static SeriesFailure nothingConverted(
            Provenance.Source source, Provenance.Conversion summary, Parts parts) {
        return new SeriesFailure(ExportIssues.nothingConverted(source, summary, parts));
    }

    private static Provenance.Conversion provenance(Converted converted, Provenance.Source source) {
        Conversion conversion = converted.conversion();
        PixelPreparation.Prepared prepared = converted.prepared();
        List<String> problems = new ArrayList<>(conversion.problems());
        List<String> remarks = new ArrayList<>(conversion.remarks());
        // A failed decompression matters only when the converter could not read the file either.
        (problems.isEmpty() ? remarks : problems).addAll(0, prepared.undone());
        return new Provenance.Conversion(
                "dcm2niix",
                conversion.version(),
                conversion.arguments(),
                Dcm2niix.parameters(),
                conversion.exitCode(),
                problems.stream().map(line -> named(line, source)).toList(),
                remarks.stream().map(line -> named(line, source)).toList(),
                prepared.done(),
                conversion.corrections(),
                "");
    }

    /** A line of the converter with XNAT's file names instead of those in the work directory. */
    private static String named(String line, Provenance.Source source) {
        Matcher names = SCRATCH_NAME.matcher(line);
        return names.replaceAll(name -> Matcher.quoteReplacement(source.files().stream()
                .filter(file -> file.local().equals(name.group(1)))
                .findFirst()
                .map(file -> "'" + SeriesDownload.shown(file.path()) + "'")
                .orElse(name.group())));
    }

    private static Provenance.Source source(VerifiedDownload download, SourceFiles files, SeriesCount count) {
        List<SourceFile> all = new ArrayList<>();
        for (int index = 0; index < files.images().size(); index++) {
            String use = count.brokenVolumes().contains(index) ? Provenance.BROKEN_VOLUME : Provenance.IMAGE;
            all.add(file(files.images().get(index).file(), use, null));
        }
        files.copies().forEach(file -> all.add(file(file, Provenance.COPY, null)));
        files.contested().forEach(file -> all.add(file(file, Provenance.CONTESTED, null)));
        files.withheld().forEach(one -> all.add(file(one.file(), Provenance.BURNED_IN, null)));
        files.withoutPixels().forEach(file -> all.add(file(file, Provenance.NO_PIXELS, null)));
        files.notDicom().forEach(file -> all.add(file(file, Provenance.NOT_DICOM, null)));
        files.broken().forEach(one -> all.add(file(one.file(), Provenance.BROKEN, one.problem())));
        all.sort(Comparator.comparing(SourceFile::path));
        Optional<String> exam = files.images().stream()
                .map(image -> image.header().study())
                .filter(study -> !study.isEmpty())
                .findFirst()
                .map(DigestUtils::sha256Hex);
        return new Provenance.Source(
                download.sourceDigest(),
                download.fingerprint(),
                all,
                download.remarks(),
                Optional.of(count.completeness()),
                exam);
    }

    private static SourceFile file(VerifiedFile file, String use, @Nullable String problem) {
        return new SourceFile(
                file.path(),
                file.size(),
                file.md5(),
                file.sha256(),
                file.verified(),
                use,
                file.local().getFileName().toString(),
                Optional.ofNullable(problem));
    }
}
