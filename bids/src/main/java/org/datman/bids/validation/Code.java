package org.datman.bids.validation;

import org.datman.bids.dataset.Content;
import org.datman.bids.dataset.Folder;

/** Findings whose rule is not in the schema, with the codes of the official validator 3. Checks in the schema bring their own. */
enum Code {
    ALL_FILENAME_RULES_HAVE_ISSUES("the name fits several rules, each of them with a fault"),
    AMBIGUOUS_AFFINE("the orientation of the image cannot be told from its header"),
    CASE_COLLISION("another name in this folder differs in upper and lower case only"),
    CHECK_ERROR("a check of the schema failed that has no message of its own"),
    DATATYPE_MISMATCH("the folder is not one for files with this suffix"),
    EMPTY_FILE("the file is empty"),
    ENTITY_NOT_IN_RULE("files with this suffix do not have this entity"),
    ENTITY_WITH_NO_LABEL("an entity has no label"),
    EXTENSION_MISMATCH("files with this suffix do not have this extension"),
    FILENAME_MISMATCH("entities are in another order than the standard's, unknown, or there twice"),
    FILE_READ("the file cannot be read"),
    INVALID_ENTITY_LABEL("the label of an entity has characters that it must not have"),
    INVALID_FILE_ENCODING("the file is not encoded in UTF-8"),
    INVALID_GZIP("the file cannot be decompressed"),
    INVALID_JSON_ENCODING("the file is not encoded in UTF-8, or begins with a byte order mark"),
    INVALID_LOCATION("the file is not in the folder of its subject and session"),
    JSON_INVALID("the file is not valid JSON"),
    JSON_KEY_RECOMMENDED("the file lacks a field that is recommended"),
    JSON_KEY_REQUIRED("the file lacks a field that is required"),
    JSON_NOT_AN_OBJECT("the file is JSON but no object"),
    JSON_SCHEMA_VALIDATION_ERROR("a field has a value that it must not have"),
    MISSING_DATASET_DESCRIPTION("the dataset has no dataset_description.json"),
    MISSING_REQUIRED_ENTITY("files with this suffix need an entity that this one lacks"),
    MULTIPLE_INHERITABLE_FILES("several files in one folder are sidecars of the same file, and none of them is nearer"),
    NIFTI_HEADER_UNREADABLE("the file has no readable NIfTI header"),
    NOT_INCLUDED("BIDS has no such name; name the file otherwise, or list it in .bidsignore"),
    SIDECAR_FIELD_OVERRIDE("a sidecar has another value for a field than one in a folder above"),
    SIDECAR_KEY_RECOMMENDED("no sidecar has a field that is recommended"),
    SIDECAR_KEY_REQUIRED("no sidecar has a field that is required"),
    SIDECAR_WITHOUT_DATAFILE("the sidecar belongs to no file"),
    SYMLINK_BROKEN("the symbolic link points to nothing"),
    SYMLINK_CYCLE("the symbolic link leads back to itself"),
    TSV_ADDITIONAL_COLUMNS_MUST_DEFINE("a column beside those of the standard is not described in the sidecar"),
    TSV_ADDITIONAL_COLUMNS_NOT_ALLOWED("the table has a column that it must not have"),
    TSV_ADDITIONAL_COLUMNS_UNDEFINED("a column beside those of the standard is not described in the sidecar"),
    TSV_COLUMN_HEADER_DUPLICATE("two columns have the same name"),
    TSV_COLUMN_MISSING("the table lacks a column that is required"),
    TSV_COLUMN_ORDER_INCORRECT("a column is not in its place"),
    TSV_COLUMN_TYPE_REDEFINED("the sidecar contradicts what the standard says of a column; the standard holds"),
    TSV_EMPTY_LINE("the table has an empty line"),
    TSV_EQUAL_ROWS("a row has more or fewer values than there are columns"),
    TSV_INDEX_VALUE_NOT_UNIQUE("two rows have the same index"),
    TSV_PSEUDO_AGE_DEPRECATED("89+ is no number; use 89 for everyone of that age or older"),
    TSV_VALUE_INCORRECT_TYPE("a value is not of the kind that its column has");

    private final String message;

    Code(String message) {
        this.message = message;
    }

    String message() {
        return message;
    }

    FindingSeverity severity() {
        return switch (this) {
            case AMBIGUOUS_AFFINE,
                    JSON_KEY_RECOMMENDED,
                    SIDECAR_FIELD_OVERRIDE,
                    SIDECAR_KEY_RECOMMENDED,
                    TSV_ADDITIONAL_COLUMNS_UNDEFINED,
                    TSV_COLUMN_TYPE_REDEFINED,
                    TSV_PSEUDO_AGE_DEPRECATED -> FindingSeverity.WARNING;
            default -> FindingSeverity.ERROR;
        };
    }

    /** The code of what is wrong with a file. */
    static Code of(Content.FaultCode fault) {
        return switch (fault) {
            case FILE_READ -> FILE_READ;
            case INVALID_FILE_ENCODING -> INVALID_FILE_ENCODING;
            case INVALID_GZIP -> INVALID_GZIP;
            case INVALID_JSON_ENCODING -> INVALID_JSON_ENCODING;
            case JSON_INVALID -> JSON_INVALID;
            case JSON_NOT_AN_OBJECT -> JSON_NOT_AN_OBJECT;
            case TSV_COLUMN_HEADER_DUPLICATE -> TSV_COLUMN_HEADER_DUPLICATE;
            case TSV_EMPTY_LINE -> TSV_EMPTY_LINE;
            case TSV_EQUAL_ROWS -> TSV_EQUAL_ROWS;
        };
    }

    /** The code of a symbolic link that is not followed. */
    static Code of(Folder.LinkFault fault) {
        return switch (fault) {
            case NOTHING -> SYMLINK_BROKEN;
            case CIRCULAR -> SYMLINK_CYCLE;
            case UNREADABLE -> FILE_READ;
        };
    }

    Finding at(String location) {
        return at(location, "", "", 0, "");
    }

    Finding at(String location, String detail) {
        return at(location, "", "", 0, detail);
    }

    /** @param detail added to the message; may be empty */
    Finding at(String location, String subCode, String rule, int line, String detail) {
        return new Finding(
                name(),
                subCode,
                severity(),
                location,
                rule,
                line,
                detail.isEmpty() ? message : message + ": " + detail,
                "");
    }
}
