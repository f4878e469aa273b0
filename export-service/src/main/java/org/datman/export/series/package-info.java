/**
 * The way of one series, from a tagging to published files. {@link org.datman.export.series.SeriesExporter} decides which images of a
 * session are due and holds its lock; {@code SeriesExport} takes one {@code ExportRequest} through these steps. Each step is
 * one call into one package, its result is a record, and no step returns to an earlier one ({@code StraightWayTest}):
 *
 * <ol>
 *   <li>{@code reuse}: does the current export serve the request? If so, the series is not read again.
 *   <li>{@code download}: all files as XNAT lists them ({@code VerifiedDownload});
 *   <li>{@code dicom}: what they are ({@code SourceFiles});
 *   <li>{@code completeness}: what the headers promise ({@code SeriesCount});
 *   <li>{@code convert}: the images, compared with the headers ({@code Converted}); together the {@code ExportInputs};
 *   <li>{@code claim}: the names that no other scan has, and the number of the export ({@code NameClaim});
 *   <li>{@code layout}: which file gets which name ({@code FileLayout});
 *   <li>{@code privacy}: the DICOM files as the study keeps them;
 *   <li>{@code outcome}: the issues, and whether less than before would be published ({@code ExportPlan});
 *   <li>{@code publish}: writes files and provenance, stores the {@code SeriesState}, withdraws what is obsolete;
 *   <li>{@code work}: sends the event.
 * </ol>
 *
 * <p>A step that fails with a {@code SeriesFailure} ends the way: a current export is kept, with the reason why it was not replaced
 * (under its new names: {@code claim} to {@code publish} with its own files), otherwise the failure is published. {@code request},
 * {@code index}, {@code provenance} and {@code xnat} are the ground that the steps stand on: records, and the stores of them.
 */
@NullMarked
package org.datman.export.series;

import org.jspecify.annotations.NullMarked;
