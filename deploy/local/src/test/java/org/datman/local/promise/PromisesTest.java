package org.datman.local.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No text promises what nothing does. Every button, page, command, setting and every "by itself" that a Reason names is listed here
 * with its implementation; a text with a promise that is not listed fails, and so does an entry whose button, command or test is gone.
 */
class PromisesTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final String STUDY_KEYS = "docs/study-configuration.md";

    /** Words that make a promise; each occurrence must be covered by an entry of the list. */
    private static final Pattern PROMISING =
            Pattern.compile("(?i)\\b(again|anew|by itself|itself|automatic\\w*|retr(y|ied)|press"
                    + "|buttons?|pages?|inbox|dashboard|operations|commands?(?!-)|follows?|meanwhile|next|waits?|later|until|dismiss|set this aside"
                    + "|undo|review(ed)?|pass|blacklist|sign\\w* off|signed off|gold standard|rescan|logs?|reprocess\\w*|stages?|ask(ed)?|heap"
                    + "|formats?|confirm\\w*|rebuild|restart\\w*|nothing)\\b|(?<!\\w)'[A-Z.][^']{1,28}'(?!\\w)|datman\\.[a-z.-]+|docs/|SessionChecked|XnatProjects|SiteTags"
                    + "|walltime-estimate|max\\.[a-z.]+|DATMAN_[A-Z_]+");

    private static final List<Promise> PROMISES = List.of(
            Promise.button("[Pp]ress 'Reprocess'", "Reprocess", "/failures/retry"),
            Promise.button("[Pp]ress 'Dismiss'", "Dismiss", "/failures/dismiss"),
            Promise.button("[Pp]ress 'Re-import'", "Re-import", "/failures/again"),
            Promise.button("[Pp]ress 'Re-tag'", "Re-tag", "/failures/again"),
            Promise.button("[Pp]ress 'Reconvert'", "Reconvert", "/failures/again"),
            Promise.button("[Pp]ress 'Re-run QC'", "Re-run QC", "/failures/again"),
            Promise.button("[Pp]ress 'Check again'", "Check again", "/failures/again"),
            Promise.button(
                    "[Pp]ress 'Run again'( among the pipelines of the session page)?", "Run again", "/failures/again"),
            Promise.button("'Run again' of the pipeline", "Run again", "/failures/again"),
            Promise.button(
                    "[Pp]ress 'Resume' of the pipeline on the page Pipelines of the study",
                    "Resume",
                    "/pipelines/pause"),
            Promise.byItself(
                    "Attempt.java",
                    "its descriptor calls this transient, so it is started again by itself",
                    "RunLifeTest.anEndThatTheToolCallsTransientIsStartedAgainAndThenSucceeds"),
            Promise.button("[Pp]ress 'Rebuild' on the page Operations", "Rebuild", "/operations/rebuild"),
            Promise.button("([Pp]ass (it|exactly one)|pass it) by review|pass exactly one", "Pass", "/reviews"),
            Promise.button("blacklist (it|the others)", "Blacklist", "/reviews"),
            Promise.button("Undo the review", "Undo", "/reviews"),
            Promise.button("press 'Accept'", "Accept", "/pipelines/answer"),
            Promise.button("press 'Take corrected files'", "Take corrected files", "/pipelines/answer"),
            Promise.button(
                    "(Decide by review|[Rr]eview it( again)?|decides again|decide once more)", "Pass", "/reviews"),
            Promise.button(
                    "sign (it|the session) off( as it is| again| to accept it)?|the session is signed off",
                    "Sign off session",
                    "/reviews"),
            Promise.button("set a new gold standard", "Set", "/gold-standards"),
            Promise.button("[Tt]ake the assignment back", "Take back", "/assignments"),
            Promise.button("Assign (another tag|the tag) to the (new )?series", "Assign", "/assignments"),
            Promise.button("what waits now in the inbox", "Confirm: withdraw the files", "/configuration/confirm"),
            Promise.command("log of (export|ingest|qc|tagging|…|the pipeline service)|the converter's log", "logs"),
            Promise.command("'\\./datman status'", "status"),
            Promise.written(
                    "add it to XnatProjects|Check XnatProjects|to XnatProjects of the site",
                    STUDY_KEYS,
                    "XnatProjects"),
            Promise.written("docs/study-configuration\\.md", STUDY_KEYS, "# The study configuration"),
            Promise.written("to SiteTags of its site", STUDY_KEYS, "SiteTags"),
            Promise.written("Set Formats of the tag|that format \\(Formats\\)", STUDY_KEYS, "Formats"),
            Promise.written("let the rule do without \\(SessionChecked: false\\)", STUDY_KEYS, "SessionChecked"),
            Promise.written(
                    "walltime-estimate in its descriptor",
                    "pipeline-service/src/main/java/org/datman/pipeline/boutiques/DescriptorReader.java",
                    "walltime-estimate"),
            Promise.written(
                    "settings of the cluster \\(datman\\.pipelines\\.slurm, ",
                    "pipeline-service/src/main/resources/application.properties",
                    "datman.pipelines.slurm.options"),
            Promise.written(
                    "datman\\.pipelines\\.sge, ",
                    "pipeline-service/src/main/resources/application.properties",
                    "datman.pipelines.sge.options"),
            Promise.written(
                    "datman\\.pipelines\\.kubernetes\\)",
                    "pipeline-service/src/main/resources/application.properties",
                    "datman.pipelines.kubernetes.claim"),
            Promise.written(
                    "Correct container-image in its descriptor|access to the registry",
                    "docs/pipelines.md",
                    "access to the registry"),
            Promise.written(
                    "raise datman\\.qc\\.longest-measurement",
                    "qc-service/src/main/java/org/datman/qc/measure/MeasurementExecutor.java",
                    "datman.qc.longest-measurement"),
            Promise.written(
                    "Set datman\\.webhook\\.secret or datman\\.webhook\\.secret-file",
                    "ingest-service/src/main/java/org/datman/ingest/webhook/WebhookSettings.java",
                    "secretFile"),
            Promise.written(
                    "Set datman\\.redcap\\.secret or datman\\.redcap\\.secret-file",
                    "ingest-service/src/main/java/org/datman/ingest/redcap/RedcapSettings.java",
                    "secretFile"),
            Promise.written(
                    "Set DATMAN_REDCAP_TOKEN_|of the folder datman\\.redcap\\.tokens",
                    "ingest-service/src/main/java/org/datman/ingest/redcap/RedcapSettings.java",
                    "DATMAN_REDCAP_TOKEN_"),
            Promise.byItself(
                    "RedcapApi.java",
                    "it is read again by itself",
                    "RedcapTest.whatRedcapRefusesOrHidesIsAFactUntilItAnswersAgain"),
            Promise.byItself(
                    "RedcapReading.java",
                    "it is read again by itself",
                    "RedcapTest.whatRedcapRefusesOrHidesIsAFactUntilItAnswersAgain"),
            Promise.written(
                    "one of the three body shapes of docs/xnat-webhook\\.md",
                    "docs/xnat-webhook.md",
                    "The body takes one of three shapes"),
            Promise.written(
                    "the same DATMAN_XNAT_SERVER|Give DATMAN_XNAT_SERVER the name",
                    "xnat-client/src/main/java/org/datman/xnat/XnatSettings.java",
                    "String server()"),
            Promise.written(
                    "take the output out of custom\\.datman\\.measures",
                    "pipeline-service/src/main/java/org/datman/pipeline/boutiques/DescriptorReader.java",
                    "texts(\"measures\")"),
            Promise.written(
                    "take datman\\.xnat\\.dicom-web back",
                    "xnat-client/src/main/java/org/datman/xnat/XnatSettings.java",
                    "boolean dicomWeb()"),
            Promise.written(
                    "name further servers under datman\\.other-xnats",
                    "export-service/src/main/java/org/datman/export/xnat/OtherXnats.java",
                    "prefix = \"datman.other-xnats\""),
            Promise.written(
                    "max\\.message\\.bytes of its topic and max\\.request\\.size",
                    "platform/src/main/java/org/datman/platform/event/ChannelConfig.java",
                    "max.request.size"),
            Promise.written(
                    "a larger heap for qc \\(DATMAN_QC_HEAP, see docs/operations\\.md\\)",
                    "docs/operations.md",
                    "| `DATMAN_QC_HEAP` |"),
            Promise.byItself(
                    "PipelineRules.java",
                    "it is read again by itself",
                    "ToolFaultsTest.aRepairedDescriptorIsTakenUpByItself"),
            Promise.byItself(
                    "Decisions.java",
                    "its pipelines follow from it",
                    "PipelineServiceTest.aGoodImageIsRunThroughAToolAndItsOutputsAreTakenIntoTheArchive"),
            Promise.byItself(
                    "Denials.java",
                    "it is tried again by itself",
                    "ResourceExporterTest.aLostRightIsOneFilesFailureAndIsTriedAgainWhenItIsBack"),
            Promise.byItself(
                    "Denials.java",
                    "Nothing, if its files still arrive",
                    "ResourceExporterTest.aFileThatTheServerNeverSendsIsOneFilesFailureAndIsTriedAgain"),
            Promise.byItself(
                    "TakenNames.java",
                    "it is tried again by itself when the name is free",
                    "ExportServiceTest.aSessionThatWasDeletedAndCreatedAgainIsExportedOnceItsNameIsFree"),
            Promise.byItself(
                    "EventConsumer.java",
                    "Nothing is lost; it goes on by itself when that system is back",
                    "EventConsumerTest.outageIsWaitedOutInOrderAndNothingIsSetAside"),
            Promise.byItself(
                    "LineageConsumer.java",
                    "Nothing is lost; it goes on by itself when that system is back",
                    "PipelineServiceTest.lineageThatCannotBeDeliveredStopsNothingIsReportedAndIsDeliveredLater"),
            Promise.byItself(
                    "OutboxRelay.java",
                    "it is then sent by itself, at the latest after",
                    "OutboxTest.anEventThatKafkaRefusesIsReportedAndAllOthersGoRoundIt"),
            Promise.byItself(
                    "SessionSync.java",
                    "it is tried again (now and then|some times)",
                    "ChangesOnXnatTest.aSessionThatXnatNeverHadIsGivenUpWithAWord"),
            Promise.byItself(
                    "SessionSync.java",
                    "the next webhook or listing that names it reads it too",
                    "ChangesOnXnatTest.aSessionThatXnatNeverHadIsGivenUpWithAWord"),
            Promise.byItself(
                    "Outages.java",
                    "Nothing is lost: sessions wait and are read when … is back",
                    "ChangesOnXnatTest.anOutageOfXnatDelaysAndLosesNothing"),
            Promise.byItself(
                    "ChangePoller.java",
                    "it is tried again by itself\\. Sessions are found by the lists of all studies meanwhile",
                    "ChangePollerTest.aStudyThatIsRefusedIsAFactAndEnqueuedOnceItMayBeRead"),
            Promise.byItself(
                    "ChangePoller.java",
                    "All its studies are looked at once more by themselves",
                    "ChangePollerTest.anOrthancThatBeginsAgainIsReadFromTheBeginningAndThatIsAFact"),
            Promise.byItself(
                    "SessionUpdate.java",
                    "If the same images come again in this project, each keeps it by itself",
                    "ChangesOnXnatTest.aSessionThatIsCreatedAgainKeepsWhatAPersonAssignedAndADeletionAloneIsAFact"),
            Promise.byItself(
                    "Outages.java", "Sessions wait meanwhile", "ChangesOnXnatTest.anOutageOfXnatDelaysAndLosesNothing"),
            Promise.byItself(
                    "SessionReader.java",
                    "it is read again by itself",
                    "ChangesOnXnatTest.aScanThatXnatCannotListStopsNoOtherAndFollowsByItselfWhenItCan"),
            Promise.byItself(
                    "SessionSnapshot.java",
                    "the session is read again by itself",
                    "ChangesOnXnatTest.aScanThatXnatCannotListStopsNoOtherAndFollowsByItselfWhenItCan"),
            Promise.byItself(
                    "Reconciler.java",
                    "Nothing counts as deleted meanwhile",
                    "ChangesOnXnatTest.aSessionThatCannotBeSeenJustNowIsNotDeleted"),
            Promise.byItself(
                    "WebhookResource.java",
                    "the next reconciliation finds the session",
                    "ChangesOnXnatTest.aLostWebhookIsMadeUpForByTheSweepAndLateOnesAddNothing"),
            Promise.byItself(
                    "Rejection.java",
                    "DATMAN reads the session from XNAT itself",
                    "WebhookToEventsTest.aSessionThatIsArchivedIsReportedWithItsSeriesAndSettles"),
            Promise.byItself(
                    "OverdueImages.java",
                    "the whole session is then read from its server and published again",
                    "ChangesOnXnatTest.askedToReadAgainItPublishesTheSameUnderTheSameId"),
            Promise.byItself(
                    "SessionReprocessListener.java",
                    "the session is then read from its server",
                    "ChangesOnXnatTest.askedToReadAgainItPublishesTheSameUnderTheSameId"),
            Promise.byItself(
                    "SeriesAssignedListener.java",
                    "The session is read from its server now by itself",
                    "ChangesOnXnatTest.whatIsAssignedBeforeTheSeriesIsKnownIsReportedAndAppliesOnceItIsRead"),
            Promise.byItself(
                    "UnreadableIndex.java",
                    "the session is then read from its server and published again",
                    "ChangesOnXnatTest.askedToReadAgainItPublishesTheSameUnderTheSameId"),
            Promise.byItself(
                    "ResourceStates.java",
                    "the session is then read from XNAT and published again",
                    "ChangesOnXnatTest.askedToReadAgainItPublishesTheSameUnderTheSameId"),
            Promise.byItself(
                    "SeriesExporter.java",
                    "exporting follows from it",
                    "ChangesOnXnatTest.askedToTagAgainItPublishesTheSeriesWithoutAskingXnat"),
            Promise.byItself(
                    "FixityPass.java",
                    "the files are made from the DICOM files on the server again",
                    "TaggedSeriesTest.aDamagedFileIsMadeAgainWhenDeliveredAgain"),
            Promise.byItself(
                    "Measurer.java",
                    "the files are made from XNAT again, and the image is then measured by itself",
                    "BadSeriesTest.aFileThatIsNotAsItWasExportedIsReportedAndItsImageMeasuredOnceItIsMadeAgain"),
            Promise.byItself(
                    "ChangedFiles.java",
                    "the file is created again",
                    "DownloadsTest.aChangedFileIsNeverHandedOutAndReportedOnceUntilItIsMadeAgain"),
            Promise.byItself(
                    "ResourceExporter.java",
                    "the new one follows by itself",
                    "SessionDiffTest.aFileThatChangedIsReportedAgainAndNoOther"),
            Promise.byItself(
                    "SeriesDownload.java",
                    "Nothing, if it was removed on purpose: the removal follows by itself",
                    "ChangesOnXnatTest.aRemovedSeriesAndPairedDataAreReported"),
            Promise.byItself(
                    "SessionCheck.java",
                    "It is checked by itself when the upload is complete",
                    "QcServiceTest.aSettledSessionIsCheckedAndABlacklistedSeriesIsMissedAgain"),
            Promise.byItself(
                    "SessionCheck.java",
                    "it is read again by itself",
                    "ChangesOnXnatTest.aRenameATransferAndALateSeriesAreEachReported"),
            Promise.byItself(
                    "Attempt.java",
                    "it is asked for again with the new one",
                    "ToolFaultsTest.aRepairedDescriptorIsTakenUpByItself"),
            Promise.byItself(
                    "Attempt.java",
                    "it is tried again by itself",
                    "LostWorkerTest.aRunThatKillsItsWorkersIsGivenUpWithTheReason"),
            Promise.byItself(
                    "BidsWriter.java",
                    "it is tried again by itself",
                    "BidsDatasetTest.aFolderThatStaysClosedIsReportedUntilItIsOpen"),
            Promise.byItself(
                    "JobWorkers.java",
                    "it is tried again by itself",
                    "LostWorkerTest.aRunWhoseWorkerIsGoneBeginsAgainAndEndsTheSame"),
            Promise.byItself(
                    "Jobs.java",
                    "the run is started again",
                    "LostWorkerTest.aRunWhoseWorkerIsGoneBeginsAgainAndEndsTheSame"),
            Promise.byItself(
                    "Attempt.java",
                    "it is started again",
                    "LostWorkerOfClusterTest.aJobThatTheClusterLostIsStartedAgain"),
            Promise.byItself(
                    "Attempt.java", "the run is started again", "DockerRunTest.aDaemonThatDoesNotAnswerIsWaitedFor"),
            Promise.byItself(
                    "ClusterOutages.java",
                    "new ones are submitted when it answers again",
                    "AttemptTest.aJobThatTheClusterDoesNotHaveIsSubmittedAgain"),
            Promise.byItself(
                    "OverdueSessions.java",
                    "press '…' of the session",
                    "SessionPageTest.aSessionInWhichSomethingWaitsTooLongIsInTheInboxUntilTheEventHasCome"),
            Promise.byItself(
                    "Decisions.java",
                    "of the session, which stores its events again",
                    "ChangesOnXnatTest.askedToReadAgainItPublishesTheSameUnderTheSameId"),
            Promise.byItself(
                    "Renewal.java",
                    "(Nothing, if the files were removed from the server on purpose and the export is to be kept|of this scan once more: the new one is taken then)",
                    "RenewalTest.whoeverAsksOnceMoreGetsTheSmallerImageAndTheWholeOneIsKept"),
            Promise.byItself(
                    "Supervisor.java",
                    "(is|are) down and being restarted",
                    "ManagedProcessTest.aProcessThatReportsForLongThatItDoesNotWorkIsStartedAgain"),
            Promise.written("name in Container of the rule", STUDY_KEYS, "| `Container` |"),
            Promise.written("(take|correct) SignedBy (out )?of the rule", STUDY_KEYS, "| `SignedBy` |"),
            Promise.written(
                    "Set datman\\.scratch to another folder",
                    "pipeline-service/src/main/java/org/datman/pipeline/run/Attempt.java",
                    "datman.scratch"),
            Promise.elsewhere("(podman|docker|apptainer|…) pull|Ask who made the image"),
            Promise.elsewhere(
                    "(Send|send|Archive|archive|Upload|upload) (the|its|each|it)? ?[^.;]*( again| once more)"),
            Promise.elsewhere(
                    "sign each delivery again|was started again|or rescan|wrongly, rescan|(?i:ask) the site|Ask who cancelled it"),
            Promise.elsewhere("Scan (it|…) again while the participant is here|scan again if they look wrong"),
            Promise.elsewhere("the log of the system|what it waits for|'squeue --me'"));

    @Test
    void whatAnActionPromisesIsThere() throws IOException {
        // When
        List<ActionTexts.Found> texts = ActionTexts.in(ROOT, "action");

        // Then
        assertThat(texts).hasSizeGreaterThan(90);
        assertThat(texts.stream().flatMap(PromisesTest::notListed).toList())
                .as("promises of actions that are not listed with what keeps them")
                .isEmpty();
    }

    @Test
    void whatAMessagePromisesToHappenAgainDoes() throws IOException {
        // Given those words by which a message, which tells what is, can promise what will be
        Pattern promising = Pattern.compile("(?i)(tried|started|asked for) again|by itself|again with");

        // When
        List<ActionTexts.Found> texts = ActionTexts.in(ROOT, "message").stream()
                .filter(found -> promising.matcher(found.text()).find())
                .toList();

        // Then
        assertThat(texts).isNotEmpty();
        assertThat(texts.stream()
                        .filter(found -> notListed(promising, found).findAny().isPresent())
                        .toList())
                .isEmpty();
    }

    @Test
    void whatKeepsAPromiseIsStillThere() throws IOException {
        // Given
        String templates = contents("dashboard-service/src/main/resources/templates", ".html");
        String routes = contents("dashboard-service/src/main/java", ".java");
        Set<String> tests = EnabledTests.in(ROOT, testClasses());
        String commands = contents("deploy/local/src/main/java", "Command.java");

        // When
        List<Promise> broken = PROMISES.stream()
                .filter(promise -> !isKept(promise.kept(), templates, routes, tests, commands))
                .toList();

        // Then
        assertThat(broken).isEmpty();
    }

    @Test
    void everyEntryIsStillPromisedBySomeText() throws IOException {
        // Given
        List<ActionTexts.Found> texts = Stream.concat(
                        ActionTexts.in(ROOT, "action").stream(), ActionTexts.in(ROOT, "message").stream())
                .toList();

        // When
        List<Promise> unused = PROMISES.stream()
                .filter(promise -> texts.stream()
                        .noneMatch(found -> promise.mayStandIn(found.file())
                                && promise.words().matcher(found.text()).find()))
                .toList();

        // Then
        assertThat(unused).isEmpty();
    }

    private static Set<String> testClasses() {
        return PROMISES.stream()
                .flatMap(promise -> promise.kept() instanceof Promise.ByItself itself
                        ? Stream.of(itself.test().substring(0, itself.test().indexOf('.')))
                        : Stream.empty())
                .collect(Collectors.toSet());
    }

    private static Stream<String> notListed(ActionTexts.Found found) {
        return notListed(PROMISING, found);
    }

    /** The promising words of a text that no entry covers. */
    private static Stream<String> notListed(Pattern promising, ActionTexts.Found found) {
        BitSet listed = new BitSet();
        PROMISES.stream().filter(promise -> promise.mayStandIn(found.file())).forEach(promise -> {
            Matcher matcher = promise.words().matcher(found.text());
            while (matcher.find()) {
                listed.set(matcher.start(), matcher.end());
            }
        });
        List<String> missing = new ArrayList<>();
        Matcher matcher = promising.matcher(found.text());
        while (matcher.find()) {
            if (!listed.get(matcher.start())) {
                missing.add("'" + matcher.group() + "' in " + found.file() + ": " + found.text());
            }
        }
        return missing.stream();
    }

    private static boolean isKept(
            Promise.Kept kept, String templates, String routes, Set<String> tests, String commands) {
        if (kept instanceof Promise.Button button) {
            return isButton(button, templates) && isRoute(button.route(), routes);
        } else if (kept instanceof Promise.ByItself itself) {
            return tests.contains(itself.test());
        } else if (kept instanceof Promise.Command command) {
            return commands.contains("name = \"" + command.name() + "\"");
        } else if (kept instanceof Promise.Written written) {
            try {
                return Files.readString(ROOT.resolve(written.path())).contains(written.text());
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /** A button with that label, itself or its form sent to the route. */
    private static boolean isButton(Promise.Button button, String templates) {
        Matcher labels =
                Pattern.compile(">[^<>{}]{0,3}" + Pattern.quote(button.label())).matcher(templates);
        while (labels.find()) {
            int tag = templates.lastIndexOf("<button", labels.start());
            int form = templates.lastIndexOf("<form", labels.start());
            String sentBy = templates.substring(Math.max(0, Math.min(tag, form)), labels.start());
            if (tag >= 0 && sentBy.contains("hx-post=\"" + button.route() + "\"")) {
                return true;
            }
        }
        return false;
    }

    /** A resource at the route, in one @Path or in two. */
    private static boolean isRoute(String route, String routes) {
        int last = route.lastIndexOf('/');
        return routes.contains("@Path(\"" + route + "\")")
                || (last > 0
                        && routes.contains("@Path(\"" + route.substring(0, last) + "\")")
                        && routes.contains("@Path(\"" + route.substring(last + 1) + "\")"));
    }

    private static String contents(String folder, String end) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            List<Path> found = files.filter(path -> path.toString().endsWith(end))
                    .filter(path -> !path.toString().contains("/target/")
                            && !path.toString().contains("/node_modules/"))
                    .toList();
            List<String> texts = new ArrayList<>();
            for (Path path : found) {
                texts.add(Files.readString(path));
            }
            return texts.stream().collect(Collectors.joining("\n"));
        }
    }
}
