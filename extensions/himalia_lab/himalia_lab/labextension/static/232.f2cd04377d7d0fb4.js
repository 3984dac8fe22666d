"use strict";(self.rspackChunkhimalia_lab=self.rspackChunkhimalia_lab||[]).push([[232],{475(a,e,i){var t=i(601),r=i.n(t),o=i(314),n=(i.n(o))()(r());n.push([a.id,`.himalia-visually-hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

.himalia-badge {
  display: flex;
  align-items: stretch;
}

.himalia-badge-button {
  border: 0;
  padding: 0 6px;
  height: 100%;
  line-height: 1;
  background: transparent;
  color: var(--jp-ui-font-color1);
  font: inherit;
  font-size: var(--jp-ui-font-size1);
  cursor: pointer;
}

.himalia-badge-button:hover {
  background: var(--jp-layout-color3);
}

.himalia-badge-button:focus-visible,
.himalia-panel button:focus-visible,
.himalia-panel a:focus-visible,
.himalia-panel select:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}

.himalia-dialog {
  max-width: 34rem;
  line-height: 1.45;
}

.himalia-dialog p {
  margin: 0.4rem 0;
}

.himalia-dialog a,
.himalia-panel a {
  color: var(--jp-content-link-color);
  text-decoration: underline;
}

.himalia-facts {
  display: grid;
  grid-template-columns: max-content 1fr;
  gap: 0.3rem 1rem;
  margin: 0.6rem 0;
}

.himalia-panel .himalia-facts {
  grid-template-columns: 1fr;
  gap: 0;
}

.himalia-panel .himalia-facts dd {
  margin-bottom: 6px;
}

.himalia-facts dt {
  color: var(--jp-ui-font-color1);
  font-weight: 600;
}

.himalia-facts dd {
  margin: 0;
  min-width: 0;
}

.himalia-facts code {
  overflow-wrap: anywhere;
  user-select: all;
}

.himalia-files {
  margin: 0;
  padding-left: 1.1rem;
}

.himalia-on-time,
.himalia-late {
  padding: 0.4rem 0.6rem;
  border-left: 4px solid var(--jp-success-color1);
  background: var(--jp-layout-color2);
  color: var(--jp-ui-font-color1);
}

.himalia-late {
  border-left-color: var(--jp-warn-color1);
}

.himalia-hint {
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
}

.himalia-tool .jp-ToolbarButtonComponent-label {
  margin-inline-start: 4px;
}

.himalia-panel {
  overflow: auto;
  padding: 8px 12px;
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
  line-height: 1.45;
}

.himalia-panel h2 {
  margin: 4px 0 8px;
  font-size: 1.15em;
}

.himalia-panel h3 {
  margin: 14px 0 4px;
  font-size: 1.05em;
}

.himalia-panel h4,
.himalia-dialog h4 {
  margin: 8px 0 2px;
  font-size: 1em;
}

.himalia-list {
  margin: 0;
  padding: 0;
  list-style: none;
}

.himalia-list > li {
  padding: 6px 0;
  border-bottom: 1px solid var(--jp-border-color2);
}

.himalia-actions {
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
  margin: 6px 0;
}

.himalia-panel .himalia-actions button,
.himalia-panel .himalia-list button {
  margin: 0;
}

.himalia-panel select {
  width: 100%;
  margin: 4px 0;
}

.himalia-mark {
  display: inline-block;
  padding: 0 6px;
  border: 1px solid var(--jp-border-color1);
  border-radius: 3px;
  overflow-wrap: anywhere;
}

.himalia-state {
  font-weight: 600;
}

.himalia-dialog pre {
  max-height: 14rem;
  margin: 0;
  padding: 6px 8px;
  overflow: auto;
  background: var(--jp-layout-color2);
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  white-space: pre-wrap;
}

.himalia-failures {
  padding-left: 1.1rem;
}

.himalia-failures > li {
  margin: 8px 0;
}

.himalia-change {
  margin: 8px 0;
  padding-bottom: 8px;
  border-bottom: 1px solid var(--jp-border-color2);
}
`,""]),i.d(e,{},{A:n})},314(a){a.exports=function(a){var e=[];return e.toString=function(){return this.map(function(e){var i="",t=void 0!==e[5];return e[4]&&(i+="@supports (".concat(e[4],") {")),e[2]&&(i+="@media ".concat(e[2]," {")),t&&(i+="@layer".concat(e[5].length>0?" ".concat(e[5]):""," {")),i+=a(e),t&&(i+="}"),e[2]&&(i+="}"),e[4]&&(i+="}"),i}).join("")},e.i=function(a,i,t,r,o){"string"==typeof a&&(a=[[null,a,void 0]]);var n={};if(t)for(var l=0;l<this.length;l++){var p=this[l][0];null!=p&&(n[p]=!0)}for(var s=0;s<a.length;s++){var c=[].concat(a[s]);t&&n[c[0]]||(void 0!==o&&(void 0===c[5]||(c[1]="@layer".concat(c[5].length>0?" ".concat(c[5]):""," {").concat(c[1],"}")),c[5]=o),i&&(c[2]&&(c[1]="@media ".concat(c[2]," {").concat(c[1],"}")),c[2]=i),r&&(c[4]?(c[1]="@supports (".concat(c[4],") {").concat(c[1],"}"),c[4]=r):c[4]="".concat(r)),e.push(c))}},e}},601(a){a.exports=function(a){return a[1]}},72(a){var e=[];function i(a){for(var i=-1,t=0;t<e.length;t++)if(e[t].identifier===a){i=t;break}return i}function t(a,t){for(var r={},o=[],n=0;n<a.length;n++){var l=a[n],p=t.base?l[0]+t.base:l[0],s=r[p]||0,c="".concat(p," ").concat(s);r[p]=s+1;var d=i(c),m={css:l[1],media:l[2],sourceMap:l[3],supports:l[4],layer:l[5]};if(-1!==d)e[d].references++,e[d].updater(m);else{var u=function(a,e){var i=e.domAPI(e);return i.update(a),function(e){e?(e.css!==a.css||e.media!==a.media||e.sourceMap!==a.sourceMap||e.supports!==a.supports||e.layer!==a.layer)&&i.update(a=e):i.remove()}}(m,t);t.byIndex=n,e.splice(n,0,{identifier:c,updater:u,references:1})}o.push(c)}return o}a.exports=function(a,r){var o=t(a=a||[],r=r||{});return function(a){a=a||[];for(var n=0;n<o.length;n++){var l=i(o[n]);e[l].references--}for(var p=t(a,r),s=0;s<o.length;s++){var c=i(o[s]);0===e[c].references&&(e[c].updater(),e.splice(c,1))}o=p}}},659(a){var e={};a.exports=function(a,i){var t=function(a){if(void 0===e[a]){var i=document.querySelector(a);if(window.HTMLIFrameElement&&i instanceof window.HTMLIFrameElement)try{i=i.contentDocument.head}catch(a){i=null}e[a]=i}return e[a]}(a);if(!t)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");t.appendChild(i)}},540(a){a.exports=function(a){var e=document.createElement("style");return a.setAttributes(e,a.attributes),a.insert(e,a.options),e}},56(a,e,i){a.exports=function(a){var e=i.nc;e&&a.setAttribute("nonce",e)}},825(a){a.exports=function(a){if("u"<typeof document)return{update:function(){},remove:function(){}};var e=a.insertStyleElement(a);return{update:function(i){var t,r,o;t="",i.supports&&(t+="@supports (".concat(i.supports,") {")),i.media&&(t+="@media ".concat(i.media," {")),(r=void 0!==i.layer)&&(t+="@layer".concat(i.layer.length>0?" ".concat(i.layer):""," {")),t+=i.css,r&&(t+="}"),i.media&&(t+="}"),i.supports&&(t+="}"),(o=i.sourceMap)&&"u">typeof btoa&&(t+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(o))))," */")),a.styleTagTransform(t,e,a.options)},remove:function(){var a;null===(a=e).parentNode||a.parentNode.removeChild(a)}}}},113(a){a.exports=function(a,e){if(e.styleSheet)e.styleSheet.cssText=a;else{for(;e.firstChild;)e.removeChild(e.firstChild);e.appendChild(document.createTextNode(a))}}},579(a,e,i){var t=i(72),r=i.n(t),o=i(825),n=i.n(o),l=i(659),p=i.n(l),s=i(56),c=i.n(s),d=i(540),m=i.n(d),u=i(113),h=i.n(u),f=i(475),v={};v.styleTagTransform=h(),v.setAttributes=c(),v.insert=p().bind(null,"head"),v.domAPI=n(),v.insertStyleElement=m(),r()(f.A,v),f.A&&f.A.locals&&f.A.locals}}]);