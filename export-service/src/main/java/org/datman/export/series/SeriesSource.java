package org.datman.export.series;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.study.Format;
import org.datman.export.completeness.Completeness;
import org.datman.export.completeness.ConversionCheck;
import org.datman.export.completeness.SeriesCount;
import org.datman.export.convert.Conversion;
import org.datman.export.convert.ConvertedImage;
import org.datman.export.convert.Dcm2niix;
import org.datman.export.convert.ImageFacts;
import org.datman.export.dicom.Decompressor;
import org.datman.export.dicom.DicomFacts;
import org.datman.export.dicom.DicomImage;
import org.datman.export.dicom.OneSeries;
import org.datman.export.dicom.PixelPreparation;
import org.datman.export.dicom.SourceFiles;
import org.datman.export.dicom.SourceHeaders;
import org.datman.export.download.Download;
import org.datman.export.download.DownloadException;
import org.datman.export.download.RemoteFolder;
import org.datman.export.download.SeriesDownload;
import org.datman.export.download.VerifiedFile;
import org.datman.export.provenance.Provenance;
import org.datman.export.provenance.Provenance.SourceFile;
import org.datman.platform.event.OutageException;
import org.datman.xnat.FileListing;
import org.datman.xnat.XnatGone;
import org.datman.xnat.XnatOutage;
import org.datman.xnat.XnatProtocol;

/** Downloads a series and converts it, in the work directory. */
@ApplicationScoped
class SeriesSource {

    /** Name pattern of a file in the converter's input folder. */
    private static final Pattern SCRATCH_NAME = Pattern.compile("\\bin/(?:part-\\d+/)?([A-Za-z0-9._-]+[A-Za-z0-9_-])");

    private static final double SAME_ECHO_MS = 0.02;

    private final Dcm2niix dcm2niix;
    private final Decompressor decompressor;

    SeriesSource(Dcm2niix dcm2niix, Decompressor decompressor) {
        this.dcm2niix = dcm2niix;
        this.decompressor = decompressor;
    }

    /** Identity of the images that the installed converter would create from a source. */
    String conversionKey(String sourceDigest, boolean converted) {
        return RunKey.ofConversion(sourceDigest, converted ? dcm2niix.version() : "", Dcm2niix.parameters(), converted);
    }

    static boolean wantsNifti(SeriesTagged tagged) {
        return tagged.assignments().stream().anyMatch(a -> FileLayout.wants(a, Format.NII));
    }

    /**
     * Downloads and converts the series, or the series that form one image.
     *
     * @param folders location of the files of a part on XNAT
     * @throws SeriesFailure when its data cannot be exported
     * @throws org.datman.xnat.XnatDenied when XNAT denies them to this account
     */
    ExportInputs fetch(Parts parts, Function<SeriesTagged, RemoteFolder> folders, Path workDir)
            throws IOException, SeriesFailure {
        Path in = Files.createDirectories(workDir.resolve("in"));
        List<Download> downloads = new ArrayList<>();
        for (SeriesTagged part : parts.series()) {
            // One folder per part: each numbers its files from 1.
            Path own = parts.areOne() ? in : Files.createDirectory(in.resolve("part-" + (downloads.size() + 1)));
            Download download = download(folders.apply(part), own);
            downloads.add(parts.areOne() ? download : download.below(part.scan()));
        }
        Download download = Download.together(downloads);
        SourceFiles files = SourceFiles.read(download);
        files.leaveOnlyImages();
        SeriesCount count =
                SeriesCount.of(files.images().stream().map(DicomImage::header).toList(), !parts.areOne());
        Set<DicomImage> broken = new HashSet<>();
        for (int index : count.brokenVolumes()) {
            broken.add(files.images().get(index));
            Files.delete(files.images().get(index).file().local());
        }
        List<DicomImage> images =
                files.images().stream().filter(image -> !broken.contains(image)).toList();
        Provenance.Source source = source(
                download,
                Parts.fingerprint(downloads.stream()
                        .map(one -> FileListing.fingerprint(one.listing()))
                        .toList()),
                files,
                broken,
                count.completeness());
        if (images.isEmpty()) {
            throw new SeriesFailure(noImages(files));
        }
        SeriesTagged tagged = parts.leading();
        boolean convert = wantsNifti(tagged);
        Optional<Provenance.Conversion> conversion = Optional.empty();
        List<ConvertedImage> converted = List.of();
        Optional<Path> log = Optional.empty();
        List<DicomImage> dicoms = images;
        String version = "";
        if (convert) {
            PixelPreparation.Prepared prepared =
                    PixelPreparation.prepare(images, workDir.resolve("originals"), decompressor);
            dicoms = prepared.images();
            Conversion made = convert(workDir, images, dicoms, count, parts);
            Provenance.Conversion summary = provenance(made, prepared, source);
            // Files that only need a missing program are kept as DICOM until it is installed.
            boolean keepsDicom = wantsDicom(tagged) && !prepared.undone().isEmpty();
            if (made.images().isEmpty() && !keepsDicom) {
                throw new SeriesFailure(nothingConverted(summary, source, parts));
            }
            conversion = Optional.of(summary);
            converted = made.images();
            log = Optional.of(made.log());
            version = made.version();
        }
        return new ExportInputs(
                converted,
                dicoms.stream()
                        .map(image -> new ExportInputs.Dicom(
                                image.facts(), image.file().local()))
                        .toList(),
                log,
                source,
                conversion,
                RunKey.ofConversion(source.sha256(), version, Dcm2niix.parameters(), convert));
    }

    private static boolean wantsDicom(SeriesTagged tagged) {
        return tagged.assignments().stream().anyMatch(a -> FileLayout.wants(a, Format.DCM));
    }

    /**
     * Converts and checks the result against the headers.
     *
     * @param images as in the converter's input folder
     * @param originals the same as received
     */
    private Conversion convert(
            Path workDir, List<DicomImage> images, List<DicomImage> originals, SeriesCount count, Parts parts)
            throws IOException {
        Conversion conversion;
        OneSeries joined = OneSeries.of(parts.areOne() ? List.of() : images);
        try {
            conversion = dcm2niix.convert(workDir, images.size(), new SourceHeaders(originals));
        } finally {
            joined.restore();
        }
        List<ConvertedImage> numbered = conversion.images().stream()
                .map(image -> image.with(image.facts().withEcho(echo(image.facts(), images))))
                .toList();
        // The converter has reported skipped files; the rest cannot be compared with the complete expectation.
        // Parts
        // that are several series for the converter are images of their own for it, however they belong together.
        List<String> wrong = conversion.problems().isEmpty() && (parts.areOne() || joined.joined())
                ? ConversionCheck.of(numbered, count.shapes()).stream()
                        .map(Reason::message)
                        .toList()
                : List.of();
        return conversion.with(OwnDicom.find(numbered, originals), wrong);
    }

    /** The echo number in the headers with that echo time; the converter renumbers if EchoNumbers is missing. */
    private static int echo(ImageFacts image, List<DicomImage> images) {
        Set<Integer> echoes = new HashSet<>();
        for (DicomImage dicom : images) {
            DicomFacts facts = dicom.facts();
            if (image.echoTime().isPresent()
                    && facts.echoTime().isPresent()
                    && facts.echoNumber().isPresent()
                    && Math.abs(facts.echoTime().get() - image.echoTime().get()) < SAME_ECHO_MS) {
                echoes.add(facts.echoNumber().get());
            }
        }
        return echoes.size() == 1 ? echoes.iterator().next() : image.echo();
    }

    private static Download download(RemoteFolder folder, Path into) throws IOException, SeriesFailure {
        try {
            return SeriesDownload.fetch(folder, into);
        } catch (DownloadException e) {
            throw new SeriesFailure(e.reason());
        } catch (XnatOutage e) {
            throw new OutageException("The series cannot be read from XNAT now: " + e.getMessage(), e);
        } catch (XnatGone e) {
            throw new SeriesFailure(SeriesDownload.gone());
        } catch (XnatProtocol e) {
            throw new SeriesFailure(new Reason(
                    "xnat-refuses",
                    "XNAT does not deliver the series: " + e.getMessage(),
                    "Check the scan on XNAT, then press 'Reconvert'"));
        }
    }

    private static Reason noImages(SourceFiles files) {
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
                        "Send the series from the scanner again; XNAT has the files in this state");
    }

    private static Reason nothingConverted(Provenance.Conversion conversion, Provenance.Source source, Parts parts) {
        ExportIssues issues = ExportIssues.of(source, Optional.empty(), List.of(), List.of(), List.of(), parts, false);
        List<Reason> reasons = new ArrayList<>(issues.losses());
        reasons.add(ExportIssues.notConverted(conversion));
        return ExportIssues.joined(reasons);
    }

    private static Provenance.Conversion provenance(
            Conversion conversion, PixelPreparation.Prepared prepared, Provenance.Source source) {
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
    static String named(String line, Provenance.Source source) {
        Matcher names = SCRATCH_NAME.matcher(line);
        return names.replaceAll(name -> Matcher.quoteReplacement(source.files().stream()
                .filter(file -> file.local().equals(name.group(1)))
                .findFirst()
                .map(file -> "'" + SeriesDownload.shown(file.path()) + "'")
                .orElse(name.group())));
    }

    private static Provenance.Source source(
            Download download,
            String fingerprint,
            SourceFiles files,
            Set<DicomImage> broken,
            Completeness completeness) {
        List<SourceFile> all = new ArrayList<>();
        files.images()
                .forEach(image -> all.add(file(
                        image.file(),
                        broken.contains(image) ? Provenance.BROKEN_VOLUME : Provenance.IMAGE,
                        Optional.empty())));
        files.copies().forEach(file -> all.add(file(file, Provenance.COPY, Optional.empty())));
        files.contested().forEach(file -> all.add(file(file, Provenance.CONTESTED, Optional.empty())));
        files.withoutPixels().forEach(file -> all.add(file(file, Provenance.NO_PIXELS, Optional.empty())));
        files.notDicom().forEach(file -> all.add(file(file, Provenance.NOT_DICOM, Optional.empty())));
        files.broken().forEach(one -> all.add(file(one.file(), Provenance.BROKEN, Optional.of(one.problem()))));
        all.sort(java.util.Comparator.comparing(SourceFile::path));
        Optional<String> exam = files.images().stream()
                .map(image -> image.header().study())
                .filter(study -> !study.isEmpty())
                .findFirst()
                .map(RunKey::hash);
        return new Provenance.Source(
                download.sourceDigest(), fingerprint, all, download.remarks(), Optional.of(completeness), exam);
    }

    private static SourceFile file(VerifiedFile file, String use, Optional<String> problem) {
        return new SourceFile(
                file.path(),
                file.size(),
                file.md5(),
                file.sha256(),
                file.verified(),
                use,
                file.local().getFileName().toString(),
                problem);
    }
}
