CREATE TABLE version (name VARCHAR(50) NOT NULL, creation_date DATETIME, comments VARCHAR(2000), PRIMARY KEY (name));
INSERT INTO version VALUES ('ChEMBL_36', NULL, 'a slice'), ('Uniprot 2025_03', NULL, NULL);
CREATE TABLE molecule_dictionary (
    molregno BIGINT NOT NULL, pref_name VARCHAR(255), chembl_id VARCHAR(20) NOT NULL, max_phase NUMERIC, therapeutic_flag SMALLINT NOT NULL,
    molecule_type VARCHAR(30), PRIMARY KEY (molregno));
INSERT INTO molecule_dictionary VALUES
    (1, 'TRAMETINIB', 'CHEMBL2103875', 4, 1, 'Small molecule'),
    (2, 'TRAMETINIB DIMETHYL SULFOXIDE', 'CHEMBL2105741', 4, 1, 'Small molecule'),
    (3, NULL, 'CHEMBL9000003', NULL, 0, 'Small molecule'),
    (4, 'MADEUPINIB', 'CHEMBL9000004', 1, 0, 'Small molecule');
CREATE TABLE molecule_hierarchy (molregno BIGINT NOT NULL, parent_molregno BIGINT, active_molregno BIGINT, PRIMARY KEY (molregno));
INSERT INTO molecule_hierarchy VALUES (1, 1, 1), (2, 1, 1), (4, 4, 4);
CREATE TABLE molecule_synonyms (
    molregno BIGINT NOT NULL, syn_type VARCHAR(50) NOT NULL, molsyn_id BIGINT NOT NULL, res_stem_id BIGINT, synonyms VARCHAR(200),
    PRIMARY KEY (molsyn_id));
INSERT INTO molecule_synonyms VALUES
    (1, 'INN', 1, NULL, 'Trametinib'), (1, 'RESEARCH_CODE', 2, NULL, 'GSK-1120212'), (1, 'RESEARCH_CODE', 3, NULL, 'XYZ-9000005'),
    (1, 'TRADE_NAME', 4, NULL, 'Trametibrand'), (1, 'OTHER', 5, NULL, 'everolimus'), (1, 'OTHER', 6, NULL, 'MEK inhibitor');
CREATE TABLE atc_classification (
    who_name VARCHAR(2000), level1 VARCHAR(10), level2 VARCHAR(10), level3 VARCHAR(10), level4 VARCHAR(10), level5 VARCHAR(10) NOT NULL,
    level1_description VARCHAR(2000), level2_description VARCHAR(2000), level3_description VARCHAR(2000), level4_description VARCHAR(2000),
    PRIMARY KEY (level5));
INSERT INTO atc_classification VALUES
    ('trametinib', 'L', 'L01', 'L01E', 'L01EE', 'L01EE01', 'ANTINEOPLASTIC AND IMMUNOMODULATING AGENTS', 'ANTINEOPLASTIC AGENTS',
     'PROTEIN KINASE INHIBITORS', 'Mitogen-activated protein kinase (MEK) inhibitors');
CREATE TABLE molecule_atc_classification (mol_atc_id BIGINT NOT NULL, level5 VARCHAR(10) NOT NULL, molregno BIGINT NOT NULL, PRIMARY KEY (mol_atc_id));
INSERT INTO molecule_atc_classification VALUES (1, 'L01EE01', 1);
