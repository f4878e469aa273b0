/**
 * Header compliance: one canonical parameter record per series, from DICOM and sidecar, compared field by field with typed comparators
 * (the table {@code fields.tsv}). Records hold only the fields of that table, so no person's data can enter.
 */
@NullMarked
package org.datman.header;

import org.jspecify.annotations.NullMarked;
