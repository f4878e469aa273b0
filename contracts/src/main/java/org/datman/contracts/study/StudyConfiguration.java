package org.datman.contracts.study;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.BurnedInText;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.naming.IdMap;
import org.jspecify.annotations.Nullable;

/**
 * One study, as its file defines it. Immutable; every decision that is made with it records its {@link #revision}.
 *
 * @param code study code, the first field of its identifiers; {@code StudyTag} in the file
 * @param file name of the file it was read from
 * @param revision first 12 hexadecimal digits of the SHA-256 of the file
 * @param contact contact person or address
 * @param autoAccept whether a changed text is in force as soon as it is valid; if not, a person confirms each
 * @param open whether it still collects data; a closed study expects no series
 * @param quietPeriod how long nothing may change before a session counts as settled
 * @param visits when sessions of a timepoint are due after the first of their subject
 * @param visitPlan CSV file of planned sessions, a path within the configuration folder; null when there is none
 * @param redcap the form in REDCap that is expected of its sessions; null when none is
 * @param redcapPlan its visit plan in REDCap; null when there is none
 * @param settleCap after which time it counts as settled although things still change
 * @param keptDicom how the one DICOM file of a series is kept
 * @param burnedInText what becomes of a series whose pixels may show text about the person
 */
public record StudyConfiguration(
        String code,
        String file,
        String revision,
        String name,
        String description,
        String contact,
        boolean autoAccept,
        boolean open,
        IdMap idMap,
        Duration quietPeriod,
        Duration settleCap,
        KeptDicom keptDicom,
        BurnedInText burnedInText,
        Map<String, SiteConfiguration> sites,
        List<PairedData> pairedData,
        List<GoldStandard> goldStandards,
        List<PipelineRule> pipelines,
        List<VisitRule> visits,
        @Nullable String visitPlan,
        @Nullable RedcapRule redcap,
        @Nullable RedcapPlan redcapPlan) {

    /** The form in REDCap that is expected of its sessions. */
    public Optional<RedcapRule> findRedcap() {
        return Optional.ofNullable(redcap);
    }

    /** Its visit plan in REDCap. */
    public Optional<RedcapPlan> findRedcapPlan() {
        return Optional.ofNullable(redcapPlan);
    }

    /** Path of the CSV file of planned sessions, within the configuration folder. */
    public Optional<String> findVisitPlan() {
        return Optional.ofNullable(visitPlan);
    }

    /** Whether the study plans its sessions: by a file, in REDCap, or by days after the first one. */
    public boolean hasVisitPlan() {
        return visitPlan != null || redcapPlan != null || !visits.isEmpty();
    }

    /** All XNAT projects of all its sites. */
    public Set<String> xnatProjects() {
        return sites.values().stream().flatMap(s -> s.xnatProjects().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** The DICOM keywords that its rules look at beside {@link HeaderKeywords#CARRIED}: ingest reads them for its series. */
    public SortedSet<String> headerKeywords() {
        return clauses()
                .flatMap(clause -> clause.keyword().stream())
                .filter(keyword -> !HeaderKeywords.CARRIED.contains(keyword))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The conditions of all rules of all sites. */
    Stream<SeriesClause> clauses() {
        return sites.values().stream()
                .flatMap(site -> Stream.concat(
                        site.tags().values().stream().flatMap(rule -> Stream.of(
                                        rule.pattern().clauses().stream(),
                                        rule.findCombine().stream().flatMap(combine -> combine.only().stream()),
                                        rule.checks().stream().flatMap(check -> check.clauses().stream()))
                                .flatMap(clauses -> clauses)),
                        site.ignore().stream().flatMap(rule -> rule.pattern().clauses().stream())));
    }

    public Optional<SiteConfiguration> site(String siteCode) {
        return Optional.ofNullable(sites.get(siteCode));
    }

    /** The rule of a tag at a site; empty when the site does not have the tag. */
    public Optional<TagRule> tag(String siteCode, String tag) {
        return site(siteCode).map(s -> s.tags().get(tag));
    }

    /**
     * How many series of each tag a session should have. A tag that is not in the map may come in any number; one with 0 should not
     * occur. A site that the study does not have expects nothing, nor does a closed study.
     *
     * @param timepoint of the session; empty for a phantom
     */
    public SortedMap<String, ExpectedCount> expected(
            String siteCode, boolean phantom, String timepoint, LocalDate day) {
        SortedMap<String, ExpectedCount> counts = new TreeMap<>();
        site(siteCode).filter(site -> open).ifPresent(site -> site.tags().forEach((tag, rule) -> {
            ExpectedCount count = rule.expectation().of(day, phantom, timepoint);
            if (!count.equals(ExpectedCount.ANY)) {
                counts.put(tag, count);
            }
        }));
        return counts;
    }

    /** The standard that applies to a tag at a site on a day: the newest that does not begin after it. */
    public Optional<GoldStandard> goldStandard(String siteCode, String tag, LocalDate day) {
        return goldStandards.stream()
                .filter(g -> g.site().equals(siteCode)
                        && g.tag().equals(tag)
                        && !g.from().isAfter(day))
                .max((a, b) -> a.from().compareTo(b.from()));
    }

    /** The study codes of all sites, each with the sites that use it. */
    public Map<String, Set<String>> sitesByCode() {
        return sitesByCode(sites.values());
    }

    static Map<String, Set<String>> sitesByCode(Collection<SiteConfiguration> sites) {
        Map<String, Set<String>> byCode = new TreeMap<>();
        sites.forEach(site -> site.studyCodes()
                .forEach(c -> byCode.computeIfAbsent(c, any -> new TreeSet<>()).add(site.code())));
        return byCode;
    }
}
