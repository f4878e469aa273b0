/** The pages for those who change DATMAN say what is there. */
package org.datman.local.documentation;
