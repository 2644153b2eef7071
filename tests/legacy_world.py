"""A record in the registry's older XML, small enough to be read whole, and the layout that its texts were given."""

from __future__ import annotations

import re
import textwrap

_ITEM = re.compile(r"( *)(\*|\d+\.) +")
_ESCAPED = re.compile(r"\\([<>\[\]~*_#+\-.`|^&=])")

RECORD = """<?xml version="1.0" encoding="UTF-8"?>
<clinical_study rank="3">
  <!-- This xml conforms to an XML Schema -->
  <required_header>
    <download_date>ClinicalTrials.gov processed this data on May 11, 2018</download_date>
    <link_text>Link to the current ClinicalTrials.gov record.</link_text>
    <url>https://clinicaltrials.gov/show/NCT00000001</url>
  </required_header>
  <id_info>
    <org_study_id>A-1</org_study_id>
    <secondary_id>B-2</secondary_id>
    <nct_id>NCT00000001</nct_id>
    <nct_alias>NCT00000009</nct_alias>
  </id_info>
  <brief_title>Selumetinib &amp; others</brief_title>
  <acronym>SEL</acronym>
  <official_title>A Trial of Selumetinib</official_title>
  <sponsors>
    <lead_sponsor><agency>NCI</agency><agency_class>U.S. Fed</agency_class></lead_sponsor>
    <collaborator><agency>A company</agency><agency_class>Industry</agency_class></collaborator>
  </sponsors>
  <source>NCI</source>
  <oversight_info><has_dmc>Yes</has_dmc></oversight_info>
  <brief_summary>
    <textblock>
      What selumetinib does, told in a
      line that goes on.

      And more.
    </textblock>
  </brief_summary>
  <overall_status>Active, not recruiting</overall_status>
  <start_date>June 2006</start_date>
  <completion_date type="Anticipated">December 31, 2018</completion_date>
  <phase>Phase 1/Phase 2</phase>
  <study_type>Interventional</study_type>
  <has_expanded_access>No</has_expanded_access>
  <study_design_info>
    <allocation>Randomized</allocation>
    <intervention_model>Parallel Assignment</intervention_model>
    <primary_purpose>Treatment</primary_purpose>
    <masking>Double (Participant, Investigator)</masking>
  </study_design_info>
  <primary_outcome><measure>Survival</measure><time_frame>1 year</time_frame></primary_outcome>
  <enrollment type="Actual">70</enrollment>
  <condition>Sarcoma</condition>
  <condition>GIST</condition>
  <arm_group><arm_group_label>Arm I</arm_group_label><arm_group_type>Experimental</arm_group_type></arm_group>
  <intervention>
    <intervention_type>Drug</intervention_type>
    <intervention_name>selumetinib</intervention_name>
    <arm_group_label>Arm I</arm_group_label>
    <other_name>AZD6244</other_name>
  </intervention>
  <eligibility>
    <criteria>
      <textblock>
        Inclusion Criteria:

          -  Sarcoma, defined as one of the
             following:

               1. synovial

         10. Age &gt;= 18

        Exclusion Criteria:

          -  Previous MEK inhibitor use
      </textblock>
    </criteria>
    <gender>All</gender>
    <minimum_age>18 Years</minimum_age>
    <maximum_age>N/A</maximum_age>
    <healthy_volunteers>No</healthy_volunteers>
  </eligibility>
  <overall_official>
    <first_name>Ann</first_name>
    <last_name>Bee</last_name>
    <degrees>MD</degrees>
    <role>Principal Investigator</role>
    <affiliation>NCI</affiliation>
  </overall_official>
  <location>
    <facility>
      <name>A hospital</name>
      <address><city>Oslo</city><zip>0123</zip><country>Norway</country></address>
    </facility>
    <status>Recruiting</status>
    <contact><last_name>Cee</last_name><phone>1</phone></contact>
  </location>
  <verification_date>May 2017</verification_date>
  <last_update_posted type="Estimate">November 6, 2017</last_update_posted>
  <responsible_party><responsible_party_type>Sponsor</responsible_party_type></responsible_party>
  <keyword>sarcoma</keyword>
  <condition_browse><mesh_term>Sarcoma</mesh_term></condition_browse>
  <clinical_results>
    <participant_flow><group_list><group group_id="P1"><title>Arm I</title></group></group_list></participant_flow>
    <limitations_and_caveats>none</limitations_and_caveats>
  </clinical_results>
</clinical_study>
"""


def laid_out(text: str) -> str:
    """An eligibility text of the API as the older XML has it: dashes, indentation, lines of a hundred characters, no escapes."""
    paragraphs: list[str] = []
    indents: list[int] = []
    for line in _ESCAPED.sub(r"\1", text).split("\n"):
        if not line.strip():
            continue
        found = _ITEM.match(line)
        own = len(line) - len(line.lstrip())
        if found:
            while indents and indents[-1] > own:
                indents.pop()
            if not indents or indents[-1] < own:
                indents.append(own)
        elif not own:
            indents = []
        at = 8 + 5 * len(indents) if indents else 8
        mark = "" if found is None else f"{found[2].replace('*', '- ')} "
        words = " ".join(line[found.end() if found else 0 :].split())
        paragraphs.append(
            textwrap.fill(
                words, 100, initial_indent=mark.rjust(at), subsequent_indent=" " * at, break_long_words=False, break_on_hyphens=False
            )
        )
    return "\n" + "\n\n".join(paragraphs) + "\n      "
