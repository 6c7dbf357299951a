"""Routes of group purchases."""

from __future__ import annotations

from django.urls import path

from shouwang.help.views import groups, groups_chain, groups_papers, groups_steps

ONE = "groups/<uuid:group_id>/"
PART = "groups/parts/<uuid:part_id>/"
urlpatterns = [
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.new_group, name="new_group"),
    path(ONE, groups.group, name="group"),
    path(f"{ONE}find/", groups.group_find, name="group_find"),
    path(f"{ONE}change/", groups.change_group, name="group_change"),
    path(f"{ONE}paste/", groups_chain.paste_chain, name="group_paste"),
    path(f"{ONE}parts/", groups_chain.add_part, name="group_part_new"),
    path(f"{ONE}close/", groups_steps.close_group, name="group_close"),
    path(f"{ONE}reopen/", groups_steps.reopen_group, name="group_reopen"),
    path(f"{ONE}withdraw/", groups_steps.withdraw_group, name="group_withdraw"),
    path(f"{ONE}order/", groups_steps.order_group, name="group_order"),
    path(f"{ONE}count/", groups_steps.count_group, name="group_count"),
    path(f"{ONE}split/", groups_steps.split_group, name="group_split"),
    path(f"{ONE}refunds/", groups_steps.refunds, name="group_refunds"),
    path(f"{ONE}supplier/", groups_steps.pay_supplier, name="group_supplier"),
    path(f"{ONE}supplier/back/", groups_steps.supplier_refund, name="group_supplier_back"),
    path(f"{ONE}settle/", groups_steps.settle_group, name="group_settle"),
    path(f"{ONE}sheets/", groups_papers.sheets, name="group_sheets"),
    path(f"{ONE}table/", groups_papers.table, name="group_table"),
    path(f"{ONE}receipts/<uuid:file_id>/", groups_papers.receipt, name="group_receipt"),
    path(PART, groups_chain.part, name="group_part"),
    path(f"{PART}change/", groups_chain.change_part, name="group_part_change"),
    path(f"{PART}back/", groups_chain.take_back_part, name="group_part_back"),
    path(f"{PART}again/", groups_chain.put_back_part, name="group_part_again"),
    path(f"{PART}given/", groups_chain.change_given, name="group_part_given"),
    path(f"{PART}paid/", groups_steps.pay_in, name="group_paid"),
    path(f"{PART}paid-back/", groups_steps.pay_back, name="group_paid_back"),
    path(f"{PART}payments/<uuid:act_id>/undo/", groups_steps.undo_payment, name="group_undo_payment"),
    path(f"{PART}statement/", groups_papers.statement, name="group_statement"),
]
